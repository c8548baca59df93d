import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { breachCheck } from '../../../src/credentials/password/breached.ts'
import { manualClock } from '../../../src/testing/clock.ts'

const PASSWORD = 'a passphrase from a list'
const HASH = createHash('sha1').update(PASSWORD).digest('hex').toUpperCase()
const [PREFIX, SUFFIX] = [HASH.slice(0, 5), HASH.slice(5)]
const OTHER = '0'.repeat(35)

function checking(answer: string | ((prefix: string) => Promise<string>), more = {}) {
  const asked: string[] = []
  const clock = manualClock()
  const check = breachCheck(
    {
      range(prefix) {
        asked.push(prefix)
        return typeof answer === 'string' ? Promise.resolve(answer) : answer(prefix)
      },
      ...more,
    },
    clock,
  )
  if (check === null) throw new Error('there is a source')
  return { asked, clock, check: (password: string) => check(password, 'password') }
}

describe('breached passwords', () => {
  it('PW-07: one that is in the range is refused, and the source learns five digits', async () => {
    const { asked, check } = checking(`${OTHER}:3\r\n${SUFFIX}:12\r\n`)
    const found = await check(PASSWORD)
    expect(found).toMatchObject({ found: 'yes', refusal: { code: 'password_breached' } })
    expect(asked).toEqual([PREFIX])
  })

  it('PW-07: one that is not, and one that is only padding, is not', async () => {
    expect((await checking(`${OTHER}:3`).check(PASSWORD)).found).toBe('no')
    expect((await checking(`${OTHER}:3\n${SUFFIX}:0`).check(PASSWORD)).found).toBe('no')
    expect((await checking(`${SUFFIX.toLowerCase()}:1`).check(PASSWORD)).found).toBe('yes')
  })

  it('PW-04 PW-07: the form that is hashed is the one that is kept', async () => {
    const composed = createHash('sha1').update('\u00e9'.repeat(20)).digest('hex').toUpperCase()
    const { asked, check } = checking('')
    await check('e\u0301'.repeat(20))
    expect(asked).toEqual([composed.slice(0, 5)])
  })

  it('PW-07: a source that fails, throws at once, or answers anything else is unknown, and allowed or refused as it is configured', async () => {
    const sources = [
      () => Promise.reject(new Error('down')),
      () => {
        throw new Error('at once')
      },
      async () => '<html>',
      async () => `${SUFFIX}`,
    ]
    for (const source of sources) {
      expect(await checking(source).check(PASSWORD)).toMatchObject({ found: 'unknown', refusal: null })
      const strict = await checking(source, { onFault: 'refuse' }).check(PASSWORD)
      expect(strict).toMatchObject({ found: 'unknown', refusal: { code: 'unavailable' } })
    }
  })

  it('PW-07: a source that hangs is waited for no longer than said', async () => {
    const { check, clock } = checking(() => new Promise(() => {}), { patience: '2s' })
    let done = false
    const answer = check(PASSWORD).finally(() => {
      done = true
    })
    await clock.advance(1999)
    expect(done).toBe(false)
    await clock.advance(1)
    expect((await answer).found).toBe('unknown')
  })

  it('remembers ranges for a day, no more of them than said, and no failure', async () => {
    const { asked, check, clock } = checking('', { cache: 2 })
    await check('first')
    await check('first')
    expect(asked).toHaveLength(1)
    await clock.advance(86_400_000)
    await check('first')
    expect(asked).toHaveLength(2)
    await check('second')
    await check('third')
    await check('first')
    expect(asked).toHaveLength(5)

    let down = true
    const failing = checking(async () => (down ? Promise.reject(new Error('down')) : `${SUFFIX}:1`))
    expect((await failing.check(PASSWORD)).found).toBe('unknown')
    down = false
    expect((await failing.check(PASSWORD)).found).toBe('yes')
  })

  it('says what to write instead', () => {
    const clock = manualClock()
    const range = async () => ''
    expect(breachCheck(undefined, clock)).toBe(null)
    for (const [options, message] of [
      [{}, /haveIBeenPwned/],
      [{ range, onFault: 'ignore' }, /onFault is 'ignore'/],
      [{ range, cache: -1 }, /cache is -1/],
      [{ range, patience: 'soon' }, /password.breached.patience/],
    ] as const) {
      expect(() => breachCheck(options as never, clock)).toThrow(message)
    }
  })
})
