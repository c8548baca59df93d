import { afterEach, describe, expect, it, vi } from 'vitest'
import { hashing, hashPassword, needsUpgrade, verifyPassword } from '../../../src/credentials/password/hash.ts'
import { type PasswordText, passwordText } from '../../../src/credentials/password/text.ts'
import { ConfigurationError } from '../../../src/errors.ts'
import { forgetCounts, native } from '../native.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', async () => (await import('../native.ts')).counted())
afterEach(forgetCounts)

const plain = hashing({})
const OLD = 'older-pepper-0123456789-abcdefghijkl'
const NEW = 'newer-pepper-0123456789-abcdefghijkl'

function text(password: string): PasswordText {
  const read = passwordText(password)
  if (!read.ok) throw new Error(read.refusal.code)
  return read.value
}

const PASSWORD = text('a staircase made of water')

describe('the record', () => {
  it('PW-11: says algorithm, parameters, salt and tag, and meets the floor', async () => {
    const record = await hashPassword(PASSWORD, plain)
    const [, algorithm, version, cost, salt, tag] = record.split('$')
    expect([algorithm, version, cost]).toEqual(['argon2id', 'v=19', 'm=19456,t=2,p=1'])
    expect(Buffer.from(salt as string, 'base64')).toHaveLength(16)
    expect(Buffer.from(tag as string, 'base64')).toHaveLength(32)
  })

  it('PW-11: two users with the same password differ in salt and tag', async () => {
    const [one, two] = await Promise.all([hashPassword(PASSWORD, plain), hashPassword(PASSWORD, plain)])
    const [a, b] = [one.split('$'), two.split('$')]
    expect(a[4]).not.toBe(b[4])
    expect(a[5]).not.toBe(b[5])
  })

  it('PW-11: nothing below the floor can be configured', () => {
    for (const [memory, passes] of [
      [19_455, 2],
      [19_456, 1],
      [47_103, 1],
      [1_000_000, 0],
      [19_456.5, 2],
      [Number.NaN, 2],
      [19_456, Number.NaN],
      [Number.POSITIVE_INFINITY, 2],
      [19_456, 1_000],
    ] as const) {
      expect(() => hashing({ memory, passes }), `${memory} ${passes}`).toThrow(ConfigurationError)
    }
    for (const [memory, passes] of [
      [19_456, 2],
      [47_104, 1],
      [65_536, 3],
    ] as const) {
      expect(hashing({ memory, passes }).cost).toEqual({ memory, passes })
    }
  })

  it('PW-03: the whole password is verified', async () => {
    const letters = 'abcdefghij'.repeat(10)
    const record = await hashPassword(text(letters), plain)
    const at = (index: number) => `${letters.slice(0, index)}#${letters.slice(index + 1)}`
    expect(await verifyPassword(record, text(letters), plain)).toBe('good')
    for (const other of [
      at(72),
      at(73),
      at(99),
      `${letters} `,
      ` ${letters}`,
      letters.toUpperCase(),
      letters.slice(0, 72),
    ]) {
      expect(await verifyPassword(record, text(other), plain), other).toBe('wrong')
    }
    const withNul = await hashPassword(text('before\0after is a password'), plain)
    expect(await verifyPassword(withNul, text('before\0after is a password'), plain)).toBe('good')
    expect(await verifyPassword(withNul, text('before\0other is a password'), plain)).toBe('wrong')
    expect(await verifyPassword(withNul, text('before'), plain)).toBe('wrong')
  })

  it('PW-04: typed decomposed or composed, it is the same password; a ligature is another', async () => {
    const record = await hashPassword(text('un caf\u00e9 et un \ufb01let'), plain)
    expect(await verifyPassword(record, text('un cafe\u0301 et un \ufb01let'), plain)).toBe('good')
    expect(await verifyPassword(record, text('un caf\u00e9 et un filet'), plain)).toBe('wrong')
  })
})

describe('records that cannot be read', () => {
  const salt = 'AQEBAQEBAQEBAQEBAQEBAQ'
  const tag = 'A'.repeat(43)
  const broken = [
    '',
    'password',
    '$',
    '$argon2id$',
    `$argon2d$v=19$m=19456,t=2,p=1$${salt}$${tag}`,
    `$argon2id$v=16$m=19456,t=2,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${salt}$`,
    `$argon2id$v=19$m=19456,t=2,p=1$${salt}$AAAA`,
    `$argon2id$v=19$m=19456,t=2,p=1$AQEB$${tag}`,
    `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${tag.slice(1)}B`,
    `$argon2id$v=19$m=19456,t=2,p=1$${salt}$${tag}\n`,
    `$argon2id$v=19$m=19456,t=2,p=0$${salt}$${tag}`,
    `$argon2id$v=19$m=9999999,t=2,p=1$${salt}$${tag}`,
    `$argon2id$v=19$m=19456,t=999,p=1$${salt}$${tag}`,
    `v2,k=AAAAAAAA$argon2id$v=19$m=19456,t=2,p=1$${salt}$${tag}`,
    `v1$argon2id$v=19$m=19456,t=2,p=1$${salt}$${tag}`,
    '$2b$15$abcdefghijklmnopqrstuuJ4aB1lqQ0j4m1b0lY0Tz3l0k0b0a0ei',
  ]

  it('PW-11: never authenticate, and cost what a real one costs', async () => {
    for (const record of broken) expect(await verifyPassword(record, PASSWORD, plain), record).toBe('malformed')
    expect(native.verifications).toBe(broken.length)
    for (const record of broken) expect(needsUpgrade(record, plain), record).toBe(true)
  })

  it('TH-08: no record at all costs the same', async () => {
    expect(await verifyPassword(null, PASSWORD, plain)).toBe('absent')
    expect(native.verifications).toBe(1)
  })
})

describe('upgrades', () => {
  it('PW-12: what differs from today’s cost, and nothing else, is to be upgraded', async () => {
    const record = await hashPassword(PASSWORD, plain)
    const stronger = hashing({ memory: 20_480, passes: 2 })
    expect(needsUpgrade(record, plain)).toBe(false)
    expect(needsUpgrade(record, stronger)).toBe(true)
    expect(await verifyPassword(record, PASSWORD, stronger)).toBe('good')
    expect(needsUpgrade(record.replace('p=1', 'p=2'), plain)).toBe(true)
  })
})

describe('peppers', () => {
  const older = hashing({ pepper: OLD })
  const both = hashing({ pepper: [NEW, OLD] })
  const newer = hashing({ pepper: NEW })

  it('PW-13: without the pepper a copy of the database verifies nothing', async () => {
    const record = await hashPassword(PASSWORD, older)
    expect(record).toMatch(/^v1,k=[A-Za-z0-9_-]{8}\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword(record, PASSWORD, older)).toBe('good')
    expect(await verifyPassword(record, PASSWORD, plain)).toBe('pepper_missing')
    expect(await verifyPassword(record.slice(record.indexOf('$')), PASSWORD, plain)).toBe('wrong')
    expect(await verifyPassword(record, text('another password entirely'), older)).toBe('wrong')
  })

  it('PW-13: rotation keeps old records good and marks them for upgrade', async () => {
    const record = await hashPassword(PASSWORD, older)
    expect(await verifyPassword(record, PASSWORD, both)).toBe('good')
    expect(needsUpgrade(record, older)).toBe(false)
    expect(needsUpgrade(record, both)).toBe(true)
    const renewed = await hashPassword(PASSWORD, both)
    expect(needsUpgrade(renewed, both)).toBe(false)
    expect(await verifyPassword(renewed, PASSWORD, newer)).toBe('good')
    expect(await verifyPassword(record, PASSWORD, newer)).toBe('pepper_missing')
  })

  it('PW-13: a record under one pepper does not verify under the name of another', async () => {
    const record = await hashPassword(PASSWORD, older)
    const renamed = `v1,k=${newer.peppers[0]?.id}${record.slice(record.indexOf('$'))}`
    expect(await verifyPassword(renamed, PASSWORD, both)).toBe('wrong')
  })

  it('PW-13: introducing a pepper keeps records without one good until they are upgraded', async () => {
    const record = await hashPassword(PASSWORD, plain)
    expect(await verifyPassword(record, PASSWORD, older)).toBe('good')
    expect(needsUpgrade(record, older)).toBe(true)
  })

  it('PW-13: short, repeated and empty peppers are refused, and not told', () => {
    for (const pepper of ['', 'short', 'x'.repeat(31), [NEW, 'short'], [NEW, NEW]]) {
      expect(() => hashing({ pepper })).toThrow(ConfigurationError)
    }
    expect(() => hashing({ pepper: 'tell-nobody' })).not.toThrow(/tell-nobody/)
    expect(hashing({ pepper: [] }).peppers).toEqual([])
  })
})
