import assert from 'node:assert/strict'
import { type Counters, RESERVATION_MS, type ThrottleRule } from '../../store.ts'
import { HOUR, T0 } from '../samples.ts'
import { BAD_CURSORS, type Cases, together, turn, walk } from './harness.ts'

const RULE: ThrottleRule = { free: 5, delay: 1_000, cap: 8_000, window: 24 * HOUR }

/** The cases of `Counters`. */
export function counterCases({ group, test, race }: Cases): void {
  group('counters', () => {
    race(
      'TH-06: of 50 reserving at once the free ones go and the others wait; when all failed they are told when',
      async (one, two) => {
        const reserve = (i: number, now: number) => (i % 2 ? two : one).counters.reserve('key', RULE, now)
        const first = await together(50, (i) => reserve(i, T0))
        assert.deepEqual(tally(first), { go: 5, wait: 45, no: 0 })
        const failures = await together(5, (i) => (i % 2 ? two : one).counters.resolve('key', 'failed', RULE, T0))
        assert.deepEqual(failures.sort(), [1, 2, 3, 4, 5])
        for (const answer of await together(50, (i) => reserve(i, T0))) {
          assert.deepEqual(answer, { verdict: 'no', retryAt: T0 + 1_000, failures: 5 })
        }
        assert.deepEqual(tally(await together(50, (i) => reserve(i, T0 + 1_000))), { go: 1, wait: 49, no: 0 })
      },
    )

    race('TH-06: failed and pending together stay within what is free, whatever the order', async (one, two) => {
      let running = 0
      let attempts = 0
      await together(40, async (i) => {
        const { counters } = i % 2 ? two : one
        const { verdict } = await counters.reserve('key', RULE, T0)
        if (verdict !== 'go') return
        attempts += 1
        running += 1
        assert.ok(running <= RULE.free)
        await turn()
        running -= 1
        await counters.resolve('key', 'failed', RULE, T0)
      })
      assert.ok(attempts <= RULE.free, `${attempts} attempts were made`)
      assert.ok(attempts > 0)
    })

    test('after the free ones each attempt waits, twice as long each time, up to the cap', async ({ counters }) => {
      await fail(counters, 5, T0)
      let now = T0
      for (const [i, delay] of [1_000, 2_000, 4_000, 8_000, 8_000, 8_000].entries()) {
        const retryAt = now + delay
        const no = { verdict: 'no', retryAt, failures: 5 + i }
        assert.deepEqual(await counters.reserve('key', RULE, now), no)
        assert.deepEqual(await counters.reserve('key', RULE, retryAt - 1), no)
        assert.deepEqual(await counters.reserve('key', RULE, retryAt), { verdict: 'go', failures: 5 + i })
        assert.deepEqual(await counters.reserve('key', RULE, retryAt), { verdict: 'wait' })
        now = retryAt
        assert.equal(await counters.resolve('key', 'failed', RULE, now), 6 + i)
      }
    })

    test('a rule without free attempts delays from the first failure', async ({ counters }) => {
      const rule = { ...RULE, free: 1 }
      assert.deepEqual(await counters.reserve('key', rule, T0), { verdict: 'go', failures: 0 })
      assert.equal(await counters.resolve('key', 'failed', rule, T0), 1)
      assert.equal((await counters.reserve('key', rule, T0 + 999)).verdict, 'no')
      assert.equal((await counters.reserve('key', rule, T0 + 1_000)).verdict, 'go')
    })

    test('passed gives the reservation back and keeps the failures', async ({ counters }) => {
      await fail(counters, 3, T0)
      assert.deepEqual(await reserveMany(counters, 4, T0), { go: 2, wait: 2, no: 0 })
      assert.equal(await counters.resolve('key', 'passed', RULE, T0), 3)
      assert.deepEqual(await reserveMany(counters, 3, T0), { go: 1, wait: 2, no: 0 })
    })

    test('clear gives the reservation back and forgets the failures', async ({ counters }) => {
      await fail(counters, 5, T0)
      assert.equal((await counters.reserve('key', RULE, T0 + 1_000)).verdict, 'go')
      assert.equal(await counters.resolve('key', 'clear', RULE, T0 + 1_000), 0)
      assert.deepEqual(await reserveMany(counters, 10, T0 + 1_000), { go: 5, wait: 5, no: 0 })
    })

    test('a reservation nobody resolved counts as a failure once its time is over', async ({ counters }) => {
      assert.deepEqual(await reserveMany(counters, 5, T0), { go: 5, wait: 0, no: 0 })
      assert.deepEqual(await counters.reserve('key', RULE, T0 + RESERVATION_MS - 1), { verdict: 'wait' })
      assert.deepEqual(await counters.reserve('key', RULE, T0 + RESERVATION_MS), { verdict: 'go', failures: 5 })
      assert.deepEqual(await counters.reserve('key', RULE, T0 + RESERVATION_MS), { verdict: 'wait' })
    })

    test('an abandoned reservation among free ones takes one of them', async ({ counters }) => {
      await counters.reserve('key', RULE, T0)
      assert.deepEqual(await counters.reserve('key', RULE, T0 + RESERVATION_MS), { verdict: 'go', failures: 1 })
      assert.deepEqual(await reserveMany(counters, 9, T0 + RESERVATION_MS), { go: 3, wait: 6, no: 0 })
    })

    test('all is forgotten when the window since the first failure is over', async ({ counters }) => {
      await fail(counters, 1, T0)
      await fail(counters, 3, T0 + HOUR)
      const last = T0 + RULE.window - 1
      assert.deepEqual(await counters.reserve('key', RULE, last), { verdict: 'go', failures: 4 })
      await counters.resolve('key', 'passed', RULE, last)
      assert.deepEqual(await counters.reserve('key', RULE, last + 1), { verdict: 'go', failures: 0 })
    })

    test('after clear the window begins with the next failure', async ({ counters }) => {
      await fail(counters, 2, T0)
      const later = T0 + RULE.window - HOUR
      await counters.reserve('key', RULE, later)
      await counters.resolve('key', 'clear', RULE, later)
      await fail(counters, 2, later)
      assert.deepEqual(await counters.reserve('key', RULE, T0 + RULE.window + HOUR), { verdict: 'go', failures: 2 })
    })

    test('keys know nothing of each other, and remove forgets one', async ({ counters }) => {
      for (const key of ['a', 'A', 'a ', 'a%', '_']) await fail(counters, 1, T0, key)
      await fail(counters, 4, T0, 'a')
      await counters.remove('a')
      await counters.remove('a')
      const failures = async (key: string) => {
        const answer = await counters.reserve(key, RULE, T0)
        return answer.verdict === 'wait' ? answer.verdict : answer.failures
      }
      assert.deepEqual(await Promise.all(['a', 'A', 'a ', 'a%', '_', 'b'].map(failures)), [0, 1, 1, 1, 1, 0])
    })

    test('purge forgets what is over, at most as many as asked, and nothing else', async ({ counters }) => {
      for (const i of [0, 1, 2, 3, 4]) await fail(counters, 1, T0 + i * HOUR, `key-${i}`)
      const now = T0 + RULE.window + 2 * HOUR + 1
      assert.deepEqual(
        [await counters.purge(now, 2), await counters.purge(now, 2), await counters.purge(now, 2)],
        [2, 1, 0],
      )
      for (const i of [3, 4]) {
        assert.deepEqual(await counters.reserve(`key-${i}`, RULE, now), { verdict: 'go', failures: 1 })
      }
    })

    test('list has who is slowed now, the soonest first, with what the newest failure was about', async ({
      counters,
    }) => {
      const slow = async (key: string, failures: number, now: number, about?: string) => {
        for (let i = 0; i < failures; i += 1) await counters.resolve(key, 'failed', RULE, now, about)
      }
      assert.deepEqual(await counters.list(T0, null, 10), { items: [], nextCursor: null })
      await slow('free', 4, T0, 'somebody')
      await slow('b', 6, T0, 'ada')
      await slow('a', 6, T0)
      await slow('soon', 5, T0, 'bob')
      await slow('long', 8, T0)
      await counters.resolve('soon', 'failed', { ...RULE, delay: 1, cap: 1 }, T0)
      const slowed = (key: string, failures: number, wait: number, about: string | null) => {
        return { key, failures, blockedUntil: T0 + wait, about }
      }
      const all = [
        slowed('soon', 6, 1_000, 'bob'),
        slowed('a', 6, 2_000, null),
        slowed('b', 6, 2_000, 'ada'),
        slowed('long', 8, 8_000, null),
      ]
      assert.deepEqual(await counters.list(T0, null, 10), { items: all, nextCursor: null })
      assert.deepEqual((await counters.list(T0 + 999, null, 10)).items, all)
      assert.deepEqual((await counters.list(T0 + 1_000, null, 10)).items, all.slice(1))
      assert.deepEqual((await counters.list(T0 + 8_000, null, 10)).items, [])
      assert.deepEqual(await walk((cursor) => counters.list(T0, cursor, 1), 1), all)
      for (const cursor of BAD_CURSORS) assert.deepEqual((await counters.list(T0, cursor, 10)).items, all)
      await counters.remove('a')
      await counters.resolve('b', 'clear', RULE, T0)
      assert.deepEqual((await counters.list(T0, null, 10)).items, [all[0], all[3]])
    })
  })
}

async function fail(counters: Counters, times: number, now: number, key = 'key') {
  for (let i = 0; i < times; i += 1) {
    assert.equal((await counters.reserve(key, RULE, now)).verdict, 'go')
    await counters.resolve(key, 'failed', RULE, now)
  }
}

async function reserveMany(counters: Counters, count: number, now: number) {
  return tally(await together(count, () => counters.reserve('key', RULE, now)))
}

function tally(answers: readonly { readonly verdict: 'go' | 'wait' | 'no' }[]) {
  const counts = { go: 0, wait: 0, no: 0 }
  for (const { verdict } of answers) counts[verdict] += 1
  return counts
}
