import { expect, vi } from 'vitest'
import { ask, type Client, handed, must, who, wordOf } from '../../src/testing/strategy/client.ts'
import { PASSWORD, renewed, type Site } from '../../src/testing/strategy/harness.ts'
import { kidOf } from '../support/keys.ts'
import { nodes, trap, underEveryStrategy } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/** All nodes are gone between two moments: nothing they had in memory is written any more. What follows knows the store only. */
async function reborn(site: Site): Promise<Site> {
  for (const tap of site.taps) tap.set('silent')
  return site.install()
}

async function heard(site: Site, client: Client): Promise<string[]> {
  return Promise.all(site.nodes.map((node) => ask(node, client)))
}

const everyNode = (site: Site, word: string) => site.nodes.map(() => word)

trap('trap 3: what was revoked is remembered in the memory of a process', (kind) => {
  underEveryStrategy(kind, ({ test, strategy }) => {
    test('nothing that ended before all nodes were killed is let in after', async (site) => {
      const enter = async (label: string) => {
        const client = await site.enter(label)
        for (const node of site.nodes) expect(await ask(node, client)).toBe('in')
        return client
      }
      // Whoever signs in after everyone was signed out is not touched by that.
      const everyone = await enter('everyone')
      await site.patiently(site.auth.endEveryone())
      const [ended, out, all, locked, removed, good] = [
        await enter('ended'),
        await enter('out'),
        await enter('all'),
        await enter('locked'),
        await enter('removed'),
        await enter('good'),
      ]
      await site.patiently(site.auth.end(ended.sessionId))
      await site.patiently(site.auth.signOut(out.carrier))
      await site.patiently(site.auth.endAll(all.userId))
      must(await site.patiently(site.auth.lock(locked.userId)))
      must(await site.patiently(site.auth.users.remove(removed.userId)))
      const dead = { everyone, ended, out, all, locked, removed }

      const fresh = await reborn(site)
      expect(await heard(fresh, good)).toEqual(everyNode(fresh, 'in'))
      for (const [how, client] of Object.entries(dead)) {
        for (const word of await heard(fresh, client)) {
          expect(word, how).toMatch(/^(session_revoked|signed_out|user_locked)$/)
        }
        if (strategy.refreshing === null) continue
        const answer = await fresh.patiently(fresh.auth.refresh(client.carrier, client.refreshToken))
        expect(answer.ok, `${how}, refreshing`).toBe(false)
      }
      must(await fresh.patiently(fresh.auth.unlock(locked.userId)))
      expect(await heard(fresh, locked)).not.toContain('in')
    })

    test('a token from before the password was changed stays replaced', async (site) => {
      const [before, elsewhere] = [await site.signUp('ann'), await site.enter('ann')]
      const found = await who(site.auth, before)
      await site.clock.advance(1000)
      const change = { currentPassword: PASSWORD, newPassword: 'quite another passphrase' }
      const after = handed(before, must(await site.patiently(site.auth.changePassword(found, change))).carried)
      const fresh = await reborn(site)
      expect(await heard(fresh, after)).toEqual(everyNode(fresh, 'in'))
      for (const client of [before, elsewhere]) {
        expect(new Set(await heard(fresh, client))).not.toContain('in')
        if (strategy.refreshing === null) continue
        const answer = await fresh.patiently(fresh.auth.refresh(client.carrier, client.refreshToken))
        expect(answer.ok, 'refreshing').toBe(false)
      }
    })
  })

  nodes(kind, 'hybrid').test('a spent refresh token is still a theft', async (site) => {
    const before = await site.enter('ann')
    site.clock.suspend(6 * 60_000)
    const after = await renewed(site.issuing, site.auth, before)
    expect(await ask(site.nodes[1], after)).toBe('in')
    // That its successor was used is written within a second.
    await site.clock.advance(1000)
    const fresh = await reborn(site)
    site.clock.suspend(60_000)
    const replay = fresh.nodes[1].refresh(before.carrier, before.refreshToken)
    expect(await wordOf(fresh.patiently(replay))).toBe('token_reused')
    const again = await reborn(fresh)
    expect(await heard(again, after)).toEqual(everyNode(again, 'token_reused'))
    expect(await wordOf(again.auth.refresh(after.carrier, after.refreshToken))).toBe('token_reused')
  })

  for (const by of ['jwt', 'hybrid'] as const) {
    nodes(kind, by).test(`a removed key opens nothing (${by})`, async (site) => {
      const client = await site.enter('ann')
      for (const node of site.nodes) expect(await ask(node, client)).toBe('in')
      const [token = ''] = client.cookies.values()
      must(await site.patiently(site.auth.keys.remove(kidOf(token))))
      const fresh = await reborn(site)
      expect(await heard(fresh, client)).toEqual(everyNode(fresh, 'unauthenticated'))
    })
  }
})
