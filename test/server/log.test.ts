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

  it('LG-03: a secret is found in lists, in what an object says of itself, and behind a name that is no text', () => {
    const secret = 'a secret nobody may see'
    const headers = { Authorization: secret, 'Set-Cookie': [secret] }
    const said = { toJSON: () => ({ who: 'ann', newPassword: secret, headers }) }
    for (const json of [true, false]) {
      const { log, written } = lines('info', json)
      log.info({ list: [[{ accessToken: secret }]], said, pepper: [secret], secret: { text: secret } }, 'm')
      const [[line] = ['']] = written
      expect(line).not.toContain(secret)
      expect(line).toContain('ann')
      expect(line.match(/\[redacted\]/g)).toHaveLength(6)
    }
  })

  it('writes what JSON would: in its order, and without what it leaves out', () => {
    const { log, written } = lines('info', true)
    const fields = {
      ...{ z: 1, a: null, none: undefined, call: () => 1, sign: Symbol('s'), nan: Number.NaN, big: 12n, yes: true },
      when: new Date(1_800_000_000_000),
      list: [1, undefined, () => 1, 'x"\\'],
      error: new Error('not told'),
    }
    log.info(fields, 'm')
    const told =
      '"z":1,"a":null,"nan":null,"big":"12","yes":true,"when":"2027-01-15T08:00:00.000Z","list":[1,null,null,"x\\"\\\\"],"error":{}'
    const node = `${hostname()}-${process.pid}`
    expect(written).toEqual([[`{"level":"info","at":1800000000000,"node":"${node}",${told},"message":"m"}\n`, false]])
  })

  it('writes the record whatever its fields do, and never without an end', () => {
    const circle: Record<string, unknown> = { name: 'ann' }
    circle.self = circle
    const hostile = {
      get thrown() {
        throw new Error('no')
      },
      said: {
        toJSON() {
          throw new Error('no')
        },
      },
    }
    const locked = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no')
        },
      },
    )
    const deep = JSON.parse(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)
    const { log, written } = lines('info', true)
    log.info(
      { circle, hostile, locked, deep, wide: Array(5000).fill('x'.repeat(10)), twice: [circle.name, circle.name] },
      'm',
    )
    log.info(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`f${i}`, i])), 'many')
    log.info(locked, 'none')
    const [first, many, none] = written.map(([line]) => JSON.parse(line))
    expect(first).toMatchObject({
      circle: { name: 'ann', self: '[circular]' },
      hostile: { thrown: '[unreadable]', said: '[unreadable]' },
      locked: '[unreadable]',
      twice: ['ann', 'ann'],
      message: 'm',
    })
    expect(JSON.stringify(first.deep)).toContain('[deeper]')
    expect(first.wide.at(-1)).toBe('[4900 more]')
    expect([many['…'], many.message]).toEqual(['4900 more', 'many'])
    expect(none).toMatchObject({ fields: '[unreadable]', message: 'none' })
    for (const [line] of written) expect(line.length).toBeLessThan(5000)
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
