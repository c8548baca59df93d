import { expect, it } from 'vitest'
import { macKey } from '../../src/crypto.ts'
import { attempts } from '../../src/flows/attempts.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { manualClock } from '../../src/testing/clock.ts'

it('LG-03: what is typed as an address may be a password: attempts are counted under a keyed hash of it', async () => {
  const { counters } = memory()
  const clock = manualClock()
  const keys: string[] = []
  const watched = {
    ...counters,
    reserve: (...given: Parameters<typeof counters.reserve>) => {
      keys.push(given[0])
      return counters.reserve(...given)
    },
  }
  const counted = async (secret: string, email: string) => {
    keys.length = 0
    await attempts(watched, clock, macKey(secret, 'throttle'), {}).begin(email, undefined, clock.now())
    return [...keys]
  }
  const first = await counted('one', 'hunter2 is my password')
  expect(first).toHaveLength(1)
  expect(first.join()).not.toContain('hunter2')
  expect(await counted('one', 'hunter2 is my password')).toEqual(first)
  expect(await counted('one', 'hunter3 is my password')).not.toEqual(first)
  expect(await counted('two', 'hunter2 is my password')).not.toEqual(first)
})
