import { afterAll, describe, expect, it } from 'vitest'
import { milliseconds } from '../../src/duration.ts'
import { createAuth, memory, session } from '../../src/index.ts'
import { ROOT, readTree } from '../../tools/read-tree.ts'

const auth = createAuth({
  store: memory(),
  strategy: session(),
  baseUrl: 'https://app.example',
  secret: 'of a test: 0123456789 abcdefghijkl',
})
afterAll(() => auth.close())

/** What the page says of an option, as a value. */
function usual(option: string): unknown {
  const page = readTree(['docs/reference/options.md'], ROOT).get('docs/reference/options.md') ?? ''
  const row = page.split('\n').find((line) => line.startsWith(`| \`${option}\` |`))
  if (row === undefined) throw new Error(`the page has no ${option}`)
  const [, , , value = ''] = row.split(/(?<!\\)\|/).map((one) => one.trim())
  const [, code = 'null'] = /^`(.*?)`/.exec(value) ?? []
  return JSON.parse(code.replace(/'/g, '"').replace(/(\w+):/g, '"$1":'))
}

const ms = (option: string) => milliseconds(usual(option) as `${number}m`, option)

describe('defaults are as the reference says', () => {
  const { setting } = auth
  const { standard, remember, warn, roles, sections } = setting.policy

  it.each([
    ['basePath', setting.basePath],
    ['signUp', setting.signUp],
    ['verifyEmail', setting.verifyEmail],
    ['clearSiteData', setting.clearSiteData],
    ['cookies.name', setting.cookies.name],
    ['cookies.sameSite', setting.cookies.sameSite],
    ['cors.origins', [...setting.corsOrigins]],
    ['password.minLength', setting.passwordMinLength],
    ['roles', setting.roles.filter((role) => role !== 'admin' && role !== 'auditor')],
    ['timeouts.roles', Object.fromEntries(roles)],
    ['timeouts.sections', sections],
  ])('%s', (option, value) => {
    expect(value).toEqual(usual(option))
  })

  it.each([
    ['timeouts.idle', standard.idle],
    ['timeouts.absolute', standard.absolute],
    ['timeouts.warn', warn],
    ['fresh', setting.fresh],
    ['keys.publishFor', setting.keysPublishedFor],
  ])('%s', (option, value) => {
    expect(value).toBe(ms(option))
  })

  it('timeouts.remember', () => {
    const said = usual('timeouts.remember') as Record<'idle' | 'absolute', `${number}d`>
    expect(remember).toEqual({
      idle: milliseconds(said.idle, 'idle'),
      absolute: milliseconds(said.absolute, 'absolute'),
    })
  })

  it('sessionLimit', async () => {
    expect((await auth.policy.read()).sessionLimit).toBe(usual('sessionLimit'))
  })
})
