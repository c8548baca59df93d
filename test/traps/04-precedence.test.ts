import { expect, vi } from 'vitest'
import { ask, type Client, must, wordOf } from '../../src/testing/strategy/client.ts'
import type { Site } from '../../src/testing/strategy/harness.ts'
import { trap, underEveryStrategy } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

type Ending = {
  readonly name: string
  /** Of those who are in, whom it puts out. */
  readonly of: (client: Client, newest: Client) => boolean
  readonly end: (site: Site, newest: Client) => Promise<unknown>
}

const session: Ending = {
  name: 'a session',
  of: (client, newest) => client.sessionId === newest.sessionId,
  end: (site, { sessionId }) => site.nodes[1].end(sessionId),
}
const user: Ending = {
  name: 'all of a user',
  of: (client, newest) => client.userId === newest.userId,
  end: (site, { userId }) => site.auth.endAll(userId),
}
const lock: Ending = {
  ...user,
  name: 'a lock that is lifted again',
  async end({ auth, nodes }, { userId }) {
    must(await auth.lock(userId))
    must(await nodes[1].unlock(userId))
  },
}
const everyone: Ending = { name: 'everyone', of: () => true, end: (site) => site.nodes[1].endEveryone() }

/** Each of them before and after others. */
const ORDER = [session, user, everyone, session, lock, everyone, user, lock, session]

trap('trap 4: of two cut-offs the newer holds, and never the older', (kind) => {
  underEveryStrategy(kind, ({ test, strategy }) => {
    test('whoever signed in before any ending of theirs is out, whoever did after all of them is in', async (site) => {
      const people: { readonly client: Client; isIn: boolean }[] = []
      const enter = async (label: string) => {
        const client = await site.enter(label)
        people.push({ client, isIn: true })
        return client
      }
      for (const { name, of, end } of ORDER) {
        await enter('ann')
        await enter('bea')
        const newest = await enter('ann')
        await site.patiently(end(site, newest))
        for (const one of people) one.isIn &&= !of(one.client, newest)
        for (const { client, isIn } of people) {
          for (const node of site.nodes) expect((await ask(node, client)) === 'in', `after ${name}`).toBe(isIn)
          if (strategy.refreshing === null || isIn) continue
          expect(await wordOf(site.auth.refresh(client.carrier, null)), `after ${name}, refreshing`).not.toBe('in')
        }
      }
      expect(people.filter(({ isIn }) => isIn).length).toBeGreaterThan(1)
    })
  })
})
