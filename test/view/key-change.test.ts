import { expect, it } from 'vitest'
import type { Change } from '../../src/feed.ts'
import { sampleSession, sampleUser, T0 } from '../../src/testing/samples.ts'
import { cache } from '../../src/view/cache.ts'
import { idsOf, listeners } from '../../src/view/listeners.ts'

const CHANGES: readonly Change[] = [
  { kind: 'key', kid: 'a', removed: false },
  { kind: 'key', kid: 'a', removed: true },
]

it('a key that comes or goes concerns no session and no user, and takes none out of memory', () => {
  const user = sampleUser('owner')
  const { digest, previousDigest, counter, rotatedAt, seenAt, ...session } = sampleSession('one')
  const rotation = { counter, rotatedAt, seenAt }
  const { id, authenticatedAt, lastActiveAt, longestIdle } = session
  const idle = { storedAt: T0, from: null, seenCounter: -1, seen: null, queued: false, due: 0 }
  const use = { id, authenticatedAt, lastActiveAt, longestIdle, ...idle }
  const kept = cache(10)
  kept.put({ session, digest, previousDigest, rotation, user, everyone: 3, epoch: 'one', use })
  const before = kept.get(id)
  let heard = 0
  const all = listeners()
  all.add([id, user.id, 'a'], () => {
    heard += 1
  })
  for (const change of CHANGES) {
    expect(idsOf(change)).toEqual([])
    kept.apply(change)
    all.tell(change)
  }
  expect(before?.user).toEqual(user)
  expect(kept.get(id)).toEqual(before)
  expect(heard).toBe(0)
})
