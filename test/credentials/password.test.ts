import { hash as bcrypt } from '@node-rs/bcrypt'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { foreignRecord } from '../../src/credentials/password/foreign.ts'
import { hashing, hashPassword } from '../../src/credentials/password/hash.ts'
import { passwordText } from '../../src/credentials/password/text.ts'
import { passwords } from '../../src/credentials/password.ts'
import { randomText } from '../../src/crypto.ts'
import { StoreUnavailable } from '../../src/errors.ts'
import type { PasswordOptions } from '../../src/options/guessing.ts'
import type { Result } from '../../src/result.ts'
import type { Credentials } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import type { UserId } from '../../src/user.ts'
import { forgetCounts, native } from './native.ts'
import { FOREIGN, PASSWORD } from './password/foreign-samples.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', async () => (await import('./native.ts')).counted())

const NOW = 1_750_000_000_000
const GOOD = 'a staircase made of water'
const WRONG = 'a staircase made of paper'
const ADA = randomText(16) as UserId

let credentials: Credentials
beforeEach(() => {
  credentials = memory().credentials
  forgetCounts()
})

function setUp(options: PasswordOptions = {}, port: Partial<Credentials> = {}) {
  return passwords({ credentials: { ...credentials, ...port }, options })
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.refusal.code)
  return result.value
}

const stored = async () => (await credentials.find(ADA, 'password', ''))?.record as string

async function recordOf(password: string, options: PasswordOptions) {
  return hashPassword(must(passwordText(password)), hashing(options))
}

describe('setting and checking', () => {
  it('knows the password that was set, and no other', async () => {
    const house = setUp()
    must(await house.set(ADA, GOOD, NOW))
    expect(await stored()).not.toContain(GOOD)
    expect(must(await house.check(ADA, GOOD, NOW))).toMatchObject({ good: true, disabled: false, upgraded: false })
    expect(must(await house.check(ADA, WRONG, NOW))).toMatchObject({ good: false, why: 'wrong' })
  })

  it('PW-04: set decomposed, checked composed', async () => {
    const house = setUp()
    must(await house.set(ADA, 'cafe\u0301 au lait, sans sucre', NOW))
    expect(must(await house.check(ADA, 'caf\u00e9 au lait, sans sucre', NOW)).good).toBe(true)
  })

  it('PW-02: what is too long or no text is refused before anything is read, hashed or written', async () => {
    const find = vi.fn(credentials.find)
    const house = setUp({}, { find })
    for (const [password, code] of [
      ['x'.repeat(1_000_000), 'password_too_long'],
      ['x'.repeat(1025), 'password_too_long'],
      ['a staircase \ud800', 'invalid_request'],
    ] as const) {
      for (const answer of [
        await house.check(ADA, password, NOW),
        await house.set(ADA, password, NOW),
        await house.prepare(password),
      ]) {
        expect(answer).toMatchObject({ ok: false, refusal: { code } })
      }
    }
    expect(native).toMatchObject({ hashes: 0, verifications: 0 })
    expect(find).not.toHaveBeenCalled()
  })

  it('a new password replaces the old one and enables it', async () => {
    const house = setUp()
    must(await house.set(ADA, GOOD, NOW))
    await house.disable(ADA, NOW + 1)
    must(await house.set(ADA, 'a second staircase, of glass', NOW + 2))
    expect(must(await house.check(ADA, GOOD, NOW)).good).toBe(false)
    expect(must(await house.check(ADA, 'a second staircase, of glass', NOW)).good).toBe(true)
  })

  it('one of two setters at once is last, and none is lost halfway', async () => {
    const house = setUp()
    const candidates = ['first of the two passwords', 'second of the two passwords']
    await Promise.all(candidates.map(async (password) => must(await house.set(ADA, password, NOW))))
    const answers = await Promise.all(
      candidates.map(async (password) => must(await house.check(ADA, password, NOW)).good),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
  })

  it('a record that keeps changing is a fault, not a loop', async () => {
    const house = setUp({}, { add: async () => false })
    await expect(house.set(ADA, GOOD, NOW)).rejects.toThrow(StoreUnavailable)
  })

  it('a change that was judged by an older record changes nothing', async () => {
    const house = setUp()
    must(await house.set(ADA, GOOD, NOW))
    const checked = must(await house.check(ADA, GOOD, NOW))
    must(await house.set(ADA, 'what a reset has set meanwhile', NOW + 1))
    const late = must(await house.prepare('what a thief would like it to be'))
    expect(await house.put(ADA, late, NOW + 2, checked.credential?.version)).toBe(false)
    expect(must(await house.check(ADA, 'what a reset has set meanwhile', NOW)).good).toBe(true)
  })
})

describe('equal work', () => {
  it('TH-08: unknown, wrong, disabled and unreadable each cost one read and one verification', async () => {
    const find = vi.fn(credentials.find)
    const house = setUp({}, { find })
    const [disabled, unreadable] = [randomText(16) as UserId, randomText(16) as UserId]
    must(await house.set(ADA, GOOD, NOW))
    must(await house.set(disabled, GOOD, NOW))
    await house.disable(disabled, NOW)
    await house.put(unreadable, 'no record at all', NOW)
    for (const [userId, password, why] of [
      [null, GOOD, 'absent'],
      [randomText(16) as UserId, GOOD, 'absent'],
      [ADA, WRONG, 'wrong'],
      [disabled, GOOD, 'disabled'],
      [disabled, WRONG, 'disabled'],
      [unreadable, GOOD, 'malformed'],
    ] as const) {
      forgetCounts()
      find.mockClear()
      expect(must(await house.check(userId, password, NOW)), why).toMatchObject({ good: false, why, upgraded: false })
      expect(native, why).toMatchObject({ verifications: 1, hashes: 0 })
      expect(find).toHaveBeenCalledTimes(1)
    }
  })

  it('TH-08: strangers are measured by the parameters in force, with the pepper', async () => {
    const house = setUp({ memory: 47_104, passes: 1, pepper: 'a pepper of thirty-two characters' })
    expect(must(await house.check(null, GOOD, NOW))).toMatchObject({
      good: false,
      disabled: false,
      why: 'absent',
      credential: null,
    })
    expect(native.records.at(-1)).toMatchObject({ cost: 'm=47104,t=1,p=1', peppered: true })
  })
})

describe('upgrades', () => {
  const weak = { memory: 19_456, passes: 2 }
  const strong = { memory: 20_480, passes: 2 }

  it('PW-12: a good sign-in rewrites a weaker record, once', async () => {
    must(await setUp(weak).set(ADA, GOOD, NOW))
    const house = setUp(strong)
    const checked = must(await house.check(ADA, GOOD, NOW + 1))
    expect(checked).toMatchObject({ good: true, upgraded: true })
    expect(await stored()).toContain('m=20480,t=2')
    expect(checked.credential).toEqual(await credentials.find(ADA, 'password', ''))
    const after = await stored()
    expect(must(await house.check(ADA, GOOD, NOW + 2))).toMatchObject({ good: true, upgraded: false })
    expect(await stored()).toBe(after)
  })

  it('PW-12: a failed sign-in, or one to a disabled password, rewrites nothing', async () => {
    must(await setUp(weak).set(ADA, GOOD, NOW))
    const before = await stored()
    const house = setUp(strong)
    must(await house.check(ADA, WRONG, NOW))
    await house.disable(ADA, NOW)
    expect(must(await house.check(ADA, GOOD, NOW))).toMatchObject({ good: false, disabled: true })
    expect(await stored()).toBe(before)
    expect((await credentials.find(ADA, 'password', ''))?.disabledAt).toBe(NOW)
  })

  it('PW-12: an upgrade that cannot be written keeps nobody out', async () => {
    must(await setUp(weak).set(ADA, GOOD, NOW))
    const before = await stored()
    for (const replace of [
      async () => false,
      async () => {
        throw new StoreUnavailable('the disk is full')
      },
    ]) {
      const checked = must(await setUp(strong, { replace }).check(ADA, GOOD, NOW))
      expect(checked).toMatchObject({ good: true, upgraded: false, credential: { record: before, version: 1 } })
    }
  })

  it('PW-12: an upgrade never overwrites a password set meanwhile', async () => {
    must(await setUp(weak).set(ADA, GOOD, NOW))
    const reset = await recordOf('what a reset has set meanwhile', strong)
    const find: Credentials['find'] = async (...given) => {
      const found = await credentials.find(...given)
      if (found) await credentials.replace(ADA, 'password', '', found.version, reset, NOW)
      return found
    }
    expect(must(await setUp(strong, { find }).check(ADA, GOOD, NOW))).toMatchObject({ good: true, upgraded: false })
    expect(await stored()).toBe(reset)
  })

  it.each(Object.entries(FOREIGN))(
    'PW-12: a record of %s becomes one of today at a good sign-in, and at no failed one',
    async (_, [hash]) => {
      const made = foreignRecord(hash)
      if ('why' in made) throw new Error(made.why)
      const house = setUp({ pepper: 'a pepper of thirty-two characters' })
      await house.put(ADA, made.record, NOW)
      for (const other of [WRONG, `${PASSWORD} `]) {
        expect(must(await house.check(ADA, other, NOW))).toMatchObject({ good: false, why: 'wrong', upgraded: false })
      }
      expect(await stored()).toBe(made.record)
      expect(must(await house.check(ADA, PASSWORD, NOW))).toMatchObject({ good: true, upgraded: true })
      expect(await stored()).toMatch(/^v1,k=[\w-]{8}\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
      expect(must(await house.check(ADA, PASSWORD, NOW))).toMatchObject({ good: true, upgraded: false })
      expect(must(await house.check(ADA, WRONG, NOW)).good).toBe(false)
    },
  )

  it('PW-12: a bcrypt record of an 80-byte password takes any with its first 72 bytes, and from then on the whole one typed', async () => {
    const long = `${'a staircase made of water, '.repeat(3)}`.slice(0, 80)
    expect(Buffer.byteLength(long)).toBe(80)
    const house = setUp()
    for (const typed of [long, `${long.slice(0, 72)} and no more of it`]) {
      await house.put(ADA, await bcrypt(long, 4), NOW)
      expect(must(await house.check(ADA, long.slice(0, 71), NOW)).good).toBe(false)
      expect(must(await house.check(ADA, typed, NOW))).toMatchObject({ good: true, upgraded: true })
      expect(must(await house.check(ADA, typed, NOW)).good).toBe(true)
      for (const other of [long.slice(0, 72), `${long.slice(0, 72)}x`]) {
        expect(must(await house.check(ADA, other, NOW)).good).toBe(false)
      }
    }
  })

  it('TH-08: a stranger is measured by what was imported as often as by what is made here', async () => {
    const house = setUp({ imported: ['$2b$04'] })
    for (let i = 0; i < 64; i += 1) must(await house.check(null, WRONG, NOW, `nobody-${i}@example.com`))
    expect(native.verifications).toBeGreaterThan(12)
    expect(native.verifications).toBeLessThan(52)
  })

  it('PW-13: pepper v1 to v2: old users still sign in, and are carried over', async () => {
    const [v1, v2] = ['pepper-number-one-0123456789-abcdef', 'pepper-number-two-0123456789-abcdef']
    must(await setUp({ pepper: v1 }).set(ADA, GOOD, NOW))
    const old = await stored()
    expect(must(await setUp({ pepper: [v2, v1] }).check(ADA, GOOD, NOW))).toMatchObject({ good: true, upgraded: true })
    expect((await stored()).split('$')[0]).not.toBe(old.split('$')[0])
    expect(must(await setUp({ pepper: v2 }).check(ADA, GOOD, NOW)).good).toBe(true)
    for (const options of [{ pepper: v1 }, {}]) {
      expect(must(await setUp(options).check(ADA, GOOD, NOW))).toMatchObject({ good: false, why: 'pepper_missing' })
    }
  })
})

describe('overload', () => {
  it('TH-10: of 500 at once two run, eight wait, the rest is refused at once, and memory stays bounded', async () => {
    const house = setUp({ concurrency: 2, queue: 8 })
    must(await house.set(ADA, GOOD, NOW))
    forgetCounts()
    const before = process.memoryUsage.rss()
    let highest = before
    const answers = await Promise.all(
      Array.from({ length: 500 }, async () => {
        const answer = await house.check(ADA, GOOD, NOW)
        highest = Math.max(highest, process.memoryUsage.rss())
        return answer
      }),
    )
    const good = answers.filter((answer) => answer.ok && answer.value.good)
    const refused = answers.filter((answer) => !answer.ok && answer.refusal.code === 'overloaded')
    expect([good.length, refused.length]).toEqual([10, 490])
    expect(native.verifications).toBe(10)
    expect(native.most).toBe(2)
    expect(highest - before).toBeLessThan(160 * 1024 * 1024)
    expect(refused.every((answer) => !answer.ok && (answer.refusal.retryAfter ?? 0) >= 1)).toBe(true)
  })

  it('TH-10: setting a password is bounded by the same pool', async () => {
    const house = setUp({ concurrency: 1, queue: 0 })
    const answers = await Promise.all([1, 2, 3].map((n) => house.prepare(`${GOOD} ${n}`)))
    expect(answers.map((answer) => (answer.ok ? 'ok' : answer.refusal.code))).toEqual([
      'ok',
      'overloaded',
      'overloaded',
    ])
  })

  it('TH-10: a full house puts an upgrade off, not the sign-in', async () => {
    must(await setUp().set(ADA, GOOD, NOW))
    let asked = 0
    const pool = {
      run: async <T>(job: () => Promise<T>): Promise<Result<T>> => {
        asked += 1
        if (asked > 1) return { ok: false, refusal: { code: 'overloaded', retryAfter: 1 } }
        return { ok: true, value: await job() }
      },
      load: () => ({ running: 0, waiting: 0, refused: 0 }),
    }
    const house = passwords({ credentials, options: { memory: 20_480 }, pool })
    expect(must(await house.check(ADA, GOOD, NOW))).toMatchObject({ good: true, upgraded: false })
  })
})
