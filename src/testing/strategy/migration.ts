import assert from 'node:assert/strict'
import { hybrid } from '../../strategies/hybrid.ts'
import { jwt } from '../../strategies/jwt.ts'
import { session } from '../../strategies/session.ts'
import { ask, type Client, handed, must, who, wordOf } from './client.ts'
import { type Cases, PASSWORD, renewed, SETTLED, type Site } from './harness.ts'

const FROM = { session: session(), hybrid: hybrid(), jwt: jwt() }

/** An installation moves to this strategy from another one, which it still accepts: nobody is signed out. */
export function migrationCases({ group, test, strategy, factory, transport }: Cases): void {
  for (const [name, before] of Object.entries(FROM)) {
    if (name === strategy.name) continue

    /** The users of an installation that had the older strategy, and the one that took over. */
    const moved = async (site: Site) => {
      const old = await site.install({ strategy: before })
      const clients = [await old.signUp('ann'), await old.enter('bea'), await old.enter('ann')] as const
      for (const node of old.nodes) for (const client of clients) assert.equal(await ask(node, client), 'in')
      const next = await site.install({ strategy: factory, accept: [before] })
      // Nodes that come in have the rows of before made anew, and endings wait until the old ones are gone.
      await site.clock.advance(SETTLED)
      return { old, next, clients }
    }

    group(`moving here from ${name}`, () => {
      test('P9: nobody is signed out, and who signs in gets the new kind', async (site) => {
        const { next, clients } = await moved(site)
        for (const node of next.nodes) {
          for (const client of clients) {
            const found = await who(node, client)
            assert.equal(found.user.id, client.userId)
            assert.deepEqual(found.via, { strategy: name, transport })
          }
        }
        const again = must(await next.auth.signIn({ email: clients[0].email, password: PASSWORD, transport }))
        assert.ok(again.status === 'signed_in')
        const { session: opened, carried } = again
        const entered = handed({ ...clients[0], cookies: new Map(), sessionId: opened.id }, carried)
        for (const node of next.nodes) assert.equal((await who(node, entered)).via.strategy, strategy.name)
        for (const client of clients) assert.equal(await ask(next.auth, client), 'in')
      })

      test('P9: an older session goes on as what it is: its next token, its password, its end', async (site) => {
        const { old, next, clients } = await moved(site)
        const [ann, bea] = clients
        site.clock.suspend(31_000)
        const [annNow, beaNow] = [
          await renewed(old.issuing, next.auth, ann),
          await renewed(old.issuing, next.auth, bea),
        ]
        for (const node of next.nodes) assert.equal((await who(node, annNow)).via.strategy, name)
        await next.clock.advance(1000)
        const proved = must(await next.patiently(next.auth.reauthenticate(await who(next.auth, annNow), PASSWORD)))
        const annLast: Client = handed({ ...annNow, sessionId: proved.session.id }, proved.carried)
        for (const node of next.nodes) {
          assert.equal(await ask(node, annLast), 'in')
          assert.equal(await ask(node, annNow), 'token_stale')
        }
        assert.equal((await next.patiently(next.auth.signOut(beaNow.carrier))).ended, true)
        for (const node of next.nodes) assert.equal(await ask(node, beaNow), 'signed_out')
      })

      test('P1 P9: an ending reaches older sessions, newer ones, and nodes that have not moved yet', async (site) => {
        const { old, next, clients } = await moved(site)
        const [ann, bea] = clients
        const newer = await next.enter('ann')
        assert.equal(await ask(next.nodes[1], newer), 'in')
        must(await next.patiently(next.auth.lock(ann.userId)))
        for (const node of [...next.nodes, ...old.nodes]) assert.equal(await ask(node, ann), 'user_locked')
        for (const node of next.nodes) assert.equal(await ask(node, newer), 'user_locked')
        for (const node of [...next.nodes, ...old.nodes]) assert.equal(await ask(node, bea), 'in')
        await next.patiently(next.auth.end(bea.sessionId))
        for (const node of next.nodes) assert.equal(await ask(node, bea), 'session_revoked')
      })

      test('P9 SL-03: ending the others ends those of both kinds', async (site) => {
        const { next, clients } = await moved(site)
        const [ann, bea, third] = clients
        const newer = await next.enter('ann')
        for (const node of next.nodes)
          for (const client of [ann, bea, third, newer]) assert.equal(await ask(node, client), 'in')
        const answer = must(await next.patiently(next.auth.endOthers(await who(next.auth, ann))))
        const own = handed({ ...ann, sessionId: answer.session.id }, answer.carried)
        for (const node of next.nodes) {
          assert.equal(await ask(node, own), 'in')
          assert.equal(await ask(node, bea), 'in')
          for (const other of [third, newer]) assert.equal(await ask(node, other), 'session_revoked')
        }
      })

      test("P9: once it is not accepted any more, what is left of it is nobody's", async (site) => {
        const { clients } = await moved(site)
        const strict = await site.install({ strategy: factory })
        for (const client of clients) assert.equal(await ask(strict.auth, client), 'unauthenticated')
        assert.notEqual(await wordOf(strict.auth.refresh(clients[0].carrier, clients[0].refreshToken)), 'in')
      })
    })
  }
}
