import assert from 'node:assert/strict'
import { ConfigurationError } from '../../errors.ts'
import { together } from '../contract/harness.ts'
import { ask, must, who, wordOf } from './client.ts'
import { type Cases, PASSWORD } from './harness.ts'

/** What the server knows of who is signed in. */
export function keptCases({ group, test, strategy, transport }: Cases): void {
  const alone = strategy.keeps === 'nothing'
  const lists = alone ? 'it keeps no record: only the current session can be shown' : null
  const limits = alone ? 'it keeps no record: a limit is refused at start-up' : null

  group('what is kept', () => {
    test(
      "SL-03: a user's sessions are listed, newest first, and nobody else's",
      async (site) => {
        const ids: string[] = []
        for (let i = 0; i < 3; i += 1) {
          ids.unshift((await site.enter('ann')).sessionId)
          await site.clock.advance(1)
        }
        const { userId } = await site.enter('ann')
        await site.enter('bea')
        const [gone = '', ...left] = (await site.auth.sessions(userId)).map(({ id }) => id)
        assert.deepEqual(left, ids)
        await site.patiently(site.auth.end(gone))
        for (const node of site.nodes) {
          assert.deepEqual(
            (await node.sessions(userId)).map(({ id }) => id),
            ids,
          )
          const ended = await node.sessions(userId, { ended: true })
          assert.deepEqual(
            ended.map(({ id, endReason }) => [id, endReason]),
            [[gone, 'session_revoked']],
          )
        }
        assert.equal((await site.auth.allSessions({ state: 'active' }, null, 100)).items.length, 4)
        assert.ok((await site.auth.sessions(userId)).every((one) => one.strategy === strategy.name))
      },
      { skip: lists },
    )

    test(
      'SL-03: the session that asks is known as itself, and nothing of it is kept',
      async (site) => {
        const client = await site.enter('ann')
        const { session } = await who(site.auth, client)
        assert.equal(session.id, client.sessionId)
        assert.equal(session.strategy, strategy.name)
        assert.deepEqual(await site.auth.sessions(client.userId), [])
        assert.deepEqual((await site.auth.allSessions({}, null, 100)).items, [])
      },
      { skip: alone ? null : 'it keeps a record of each session' },
    )

    test(
      'SL-04: never more sessions than the limit, however many sign in at once; the oldest learn why',
      async (site) => {
        const first = await site.enter('ann')
        assert.equal(await ask(site.nodes[1], first), 'in')
        await site.clock.advance(1)
        const clients = await site.patiently(together(8, () => site.enter('ann')))
        assert.equal((await site.auth.sessions(first.userId)).length, 2)
        for (const node of site.nodes) {
          assert.equal(await ask(node, first), 'session_evicted')
          const words = await Promise.all(clients.map((client) => ask(node, client)))
          assert.equal(words.filter((word) => word === 'in').length, 2)
          assert.equal(words.filter((word) => word === 'session_evicted').length, 6)
        }
      },
      { skip: limits, options: { sessionLimit: { max: 2, whenFull: 'end-oldest' } } },
    )

    test(
      'SL-04: where the limit refuses, one too many is turned away and the others go on',
      async (site) => {
        const client = await site.signUp('ann')
        const given = { email: client.email, password: PASSWORD, transport }
        assert.equal(await wordOf(site.auth.signIn(given)), 'session_limit_reached')
        assert.equal(await ask(site.nodes[1], client), 'in')
        await site.patiently(site.auth.signOut(client.carrier))
        assert.equal(must(await site.auth.signIn(given)).status, 'signed_in')
      },
      { skip: limits, options: { sessionLimit: { max: 1, whenFull: 'refuse' } } },
    )

    test(
      'SL-04: a limit that could not be held is refused at start-up',
      async (site) => {
        const limited = site.install({ sessionLimit: { max: 2, whenFull: 'end-oldest' } })
        await assert.rejects(
          limited,
          (fault) => fault instanceof ConfigurationError && /sessionLimit/.test(fault.message),
        )
      },
      { skip: alone ? null : 'it can hold one' },
    )
  })
}
