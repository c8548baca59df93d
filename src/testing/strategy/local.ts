import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../errors.ts'
import { altered, ask, type Client, carrying, secrets, who } from './client.ts'
import { type Cases, renewed, SETTLED, type Site } from './harness.ts'

/** A node decides from its own memory while it may, asks while it can, and lets nobody in when it cannot know. */
export function localCases({ group, test, strategy }: Cases): void {
  group('deciding', () => {
    test('P2: a warm request asks nobody, and answers at once', async (site) => {
      const clients = [await site.enter('ann'), await site.enter('bea')]
      for (const [i, node] of site.nodes.entries()) {
        for (const client of clients) assert.equal(await ask(node, client), 'in')
        const { calls } = site.taps[i] ?? assert.fail()
        const before = calls()
        for (let n = 0; n < 1000; n += 1) {
          const { carrier } = clients[n % 2] ?? assert.fail()
          const answer = node.authenticate(carrier)
          assert.ok(!(answer instanceof Promise) && answer.ok)
        }
        assert.equal(calls(), before)
      }
    })

    test('P2: what is refused for its form or its signature asks nobody either', async (site) => {
      const client = await site.enter('ann')
      assert.equal(await ask(site.auth, client), 'in')
      await site.clock.advance(0)
      const before = site.taps[0].calls()
      for (const bad of ['', 'x', 'A'.repeat(63), '..', 'a.b.c', 'A'.repeat(9000)]) {
        assert.equal(await ask(site.auth, { carrier: carrying({ bearer: bad }) }), 'unauthenticated')
      }
      if (strategy.tokenLife !== null) {
        for (const part of [0.85, 0.95]) assert.equal(await ask(site.auth, spoilt(client, part)), 'unauthenticated')
      }
      assert.equal(site.taps[0].calls(), before)
    })

    test('P2: a session in use costs the store a write now and then, not one each time', async (site) => {
      const client = await site.enter('ann')
      assert.equal(await ask(site.auth, client), 'in')
      const idle = await callsWhile(site, async () => {
        for (let i = 0; i < 40; i += 1) await site.clock.advance(50)
      })
      const used = await callsWhile(site, async () => {
        for (let i = 0; i < 40; i += 1) {
          await site.clock.advance(50)
          for (let n = 0; n < 10; n += 1) assert.equal(await ask(site.auth, client), 'in')
        }
      })
      assert.ok(used - idle <= 3, `400 uses in two seconds made ${used - idle} calls more than none`)
    })
  })

  group('not knowing', () => {
    test('P3: without a lease each request asks the store, and is let in by what it says', async (site) => {
      const client = await site.enter('ann')
      assert.equal(await ask(site.auth, client), 'in')
      site.taps[0].set('deaf')
      await site.clock.advance(SETTLED)
      for (let n = 0; n < 3; n += 1) {
        const before = site.taps[0].calls()
        assert.equal(await ask(site.auth, client), 'in')
        assert.ok(site.taps[0].calls() > before, 'it asked')
      }
    })

    test('P3 TE-10: a store that fails lets nobody in, and signs nobody out', async (site) => {
      const clients = [await site.enter('ann'), await site.enter('bea')]
      const ended = await site.enter('cy')
      for (const client of [...clients, ended]) assert.equal(await ask(site.auth, client), 'in')
      await site.patiently(site.auth.end(ended.sessionId))
      for (const tap of site.taps) tap.set('down')
      site.clock.suspend(SETTLED)
      for (const client of [...clients, ended]) {
        for (const node of site.nodes) assert.deepEqual(await node.authenticate(client.carrier), unavailable)
      }
      for (const tap of site.taps) tap.set('up')
      for (const node of site.nodes) {
        for (const client of clients) assert.equal(await ask(node, client), 'in', 'before it has a lease again')
      }
      await site.clock.advance(SETTLED)
      for (const node of site.nodes) {
        for (const client of clients) assert.equal(await ask(node, client), 'in')
        assert.equal(await ask(node, ended), 'session_revoked')
      }
    })

    test('P3 TE-10: a store that never answers: the request is refused in bounded time', async (site) => {
      const client = await site.enter('ann')
      assert.equal(await ask(site.auth, client), 'in')
      for (const tap of site.taps) tap.set('silent')
      site.clock.suspend(SETTLED)
      const asked = site.auth.authenticate(client.carrier)
      await site.clock.advance(10_000)
      assert.deepEqual(await asked, unavailable)
      for (const tap of site.taps) tap.set('up')
      assert.equal(await ask(site.auth, client), 'in')
    })

    test('P3: while the store fails, a warm node goes on for as long as its lease and no longer', async (site) => {
      const client = await site.enter('ann')
      await site.clock.advance(1)
      assert.equal(await ask(site.auth, client), 'in')
      for (const tap of site.taps) tap.set('down')
      await site.clock.advance(500)
      assert.equal(await ask(site.auth, client), 'in')
      await site.clock.advance(SETTLED)
      assert.equal(await ask(site.auth, client), 'unavailable')
    })

    test('P3: the next token is not handed out by guesswork, and asking for it is no sign-out', async (site) => {
      const client = await site.enter('ann')
      assert.equal(await ask(site.auth, client), 'in')
      site.taps[0].set('down')
      site.clock.suspend(SETTLED)
      if (strategy.refreshing !== null) await assert.rejects(renewed(strategy, site.auth, client), StoreUnavailable)
      else assert.deepEqual(await site.auth.authenticate(client.carrier, { renewing: true }), unavailable)
      site.taps[0].set('up')
      assert.equal(await ask(site.auth, await renewed(strategy, site.auth, client)), 'in')
    })

    test('P3 TE-10: a sign-out that could not be stored is none, and clears nothing', async (site) => {
      const client = await site.enter('ann')
      assert.equal(await ask(site.auth, client), 'in')
      site.taps[0].set('down')
      await assert.rejects(site.auth.signOut(client.carrier), StoreUnavailable)
      site.taps[0].set('up')
      assert.equal((await who(site.auth, client)).session.endedAt, null)
    })
  })
}

const unavailable = { ok: false, refusal: { code: 'unavailable', retryAfter: 1 } }

async function callsWhile(site: Site, run: () => Promise<void>): Promise<number> {
  const before = site.taps[0].calls()
  await run()
  return site.taps[0].calls() - before
}

/** The same client, whose access token was changed at one place. */
function spoilt(client: Client, part: number): Pick<Client, 'carrier'> {
  if (client.bearer !== null) return { carrier: carrying({ bearer: altered(client.bearer, part) }) }
  const cookies = new Map([...client.cookies].map(([name, value]) => [name, altered(value, part)]))
  assert.equal(cookies.size, secrets(client).length)
  return { carrier: carrying({ cookies }) }
}
