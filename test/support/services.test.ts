import { afterEach, expect, it, vi } from 'vitest'
import { service } from './services.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

it('finds a program, and only one that can be run', () => {
  vi.stubEnv('CHROMIUM_PATH', process.execPath)
  expect(service('chromium')).toBe(process.execPath)
})

it('throws, with the remedy, when what is required is missing', () => {
  vi.stubEnv('REQUIRE_SERVICES', '1')
  vi.stubEnv('CHROMIUM_PATH', '/nowhere/chromium')
  expect(() => service('chromium')).toThrow('chromium is required and missing: apt-get install chromium')
})
