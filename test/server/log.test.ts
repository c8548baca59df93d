import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { serverLog } from '../../src/server/log.ts'

function lines(level: Parameters<typeof serverLog>[0]['level'], json: boolean) {
  const written: [line: string, problem: boolean][] = []
  return {
    written,
    log: serverLog({ level, json }, { now: () => 1_800_000_000_000 }, (...line) => void written.push(line)),
  }
}

describe('the log', () => {
  it('is JSON lines in production', () => {
    const { log, written } = lines('info', true)
    log.info({ port: 3000 }, 'listening')
    const [[line, problem]] = written as [[string, boolean]]
    expect(problem).toBe(false)
    expect(line).toMatch(/^[^\n]+\n$/)
    const node = `${hostname()}-${process.pid}`
    expect(JSON.parse(line)).toEqual({ level: 'info', at: 1_800_000_000_000, node, port: 3000, message: 'listening' })
  })

  it('LG-03: what holds a secret by its name is not written, wherever it is; no field is endless', () => {
    const { log, written } = lines('info', true)
    const secret = 'a secret nobody may see'
    log.info(
      { password: secret, given: { token: secret, deep: { cookie: secret } }, stack: 'x'.repeat(1_000_000) },
      'm',
    )
    const [[line] = ['']] = written
    expect(line).not.toContain(secret)
    expect(line.length).toBeLessThan(5000)
  })

  it('is for people in development, with problems on the error stream', () => {
    const { log, written } = lines('debug', false)
    log.info({}, 'listening')
    log.warn({ fault: 'StoreUnavailable', doing: 'two words', actor: null }, 'a part failed')
    expect(written).toEqual([
      ['listening\n', false],
      ['warn: a part failed fault=StoreUnavailable doing="two words"\n', true],
    ])
  })

  it('says no more than it is asked to', () => {
    for (const [level, expected] of [
      ['debug', 4],
      ['info', 3],
      ['warn', 2],
      ['error', 1],
      ['silent', 0],
    ] as const) {
      const { log, written } = lines(level, true)
      log.debug({}, 'd')
      log.info({}, 'i')
      log.warn({}, 'w')
      log.error({}, 'e')
      expect([level, written.length]).toEqual([level, expected])
    }
  })

  it('LG-04: hostile text stays on its one line', () => {
    for (const json of [true, false]) {
      const { log, written } = lines('info', json)
      log.info({ agent: 'a\r\nlevel=error\u001b[2J\u2028\u202e\ud800b' }, 'request\nforged')
      expect(written).toHaveLength(1)
      const [[line] = ['']] = written
      expect(line.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u)
      expect(line.endsWith('\n')).toBe(true)
    }
  })
})
