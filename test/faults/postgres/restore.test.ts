import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeWith } from '../../support/services.ts'
import { clients } from '../cluster/clients.ts'
import { type Cluster, cluster, SECRET } from '../cluster/cluster.ts'
import { type Held, hold, populate } from '../cluster/people.ts'
import { isDone } from '../cluster/requests.ts'
import { trial } from '../cluster/trial.ts'
import { RECOVERY_MS } from '../cluster/verdict.ts'
import { pause } from '../support/client.ts'
import { seeded } from '../support/random.ts'

vi.mock('../../../src/credentials/password/argon2-threads.ts', () => import('../support/quick-argon2.ts'))

const SEED = 20_261_231

describeWith('postgres')('the database of three nodes', () => {
  let nodes: Cluster

  beforeAll(async () => {
    nodes = await cluster()
  })
  afterAll(() => nodes.close())

  /** Resolves when this is what every node answers. */
  async function everywhere(
    held: Held,
    visitAll: (held: Held) => Promise<readonly { status: number }[]>,
    good: number,
  ) {
    const since = performance.now()
    for (;;) {
      const answers = (await visitAll(held)).map(({ status }) => status)
      if (answers.every((status) => status === good)) return
      if (performance.now() - since > RECOVERY_MS) throw new Error(`${held.kind} was answered ${answers}`)
      await pause(20)
    }
  }

  it(`P3: is replaced by an older copy (seed ${SEED})`, async () => {
    const { members, server, query } = nodes
    const { people: before, admin } = await populate(nodes.databases, SECRET, 12)
    const all = clients(members, admin, seeded(SEED))
    const { visit, visitAll, signIn, refresh, journal, any, begun } = all
    const old = before.flatMap(({ held }) => held)
    const of = (kind: Held['kind'], list: readonly Held[] = old) => list.filter((held) => held.kind === kind)
    // The next refresh of each is one that moves the counter.
    await query('UPDATE sallyport.sessions SET rotated_at = rotated_at - 60000')
    const [{ epoch }] = (await query<{ epoch: string }>('SELECT epoch FROM sallyport.feed_state')) as [
      { epoch: string },
    ]
    await nodes.amid(null, async () => {
      await server.stop()
      await server.copyData('copy')
      await server.start()
    })
    for (const held of old) await everywhere(held, visitAll, 200)

    // All this is going to be lost.
    const { people: newcomers } = await populate(nodes.databases, SECRET, 4)
    const lost = newcomers.flatMap(({ held }) => held)
    for (const owner of before.slice(0, 3)) lost.push(hold('hybrid', owner, await signIn(any(members), owner)))
    for (const held of lost) await everywhere(held, visitAll, 200)
    const ended = before.slice(0, 3).flatMap(({ held }) => held.slice(0, 3))
    for (const held of ended) expect(await all.ending(any(members), [held], 'sign-out')).toMatchObject({ status: 204 })
    const rotated = of('hybrid').slice(3, 6)
    for (const held of rotated) {
      const { refresh: before } = held
      expect((await refresh(any(members), held)).status).toBe(200)
      expect(held.refresh).not.toBe(before)
    }

    let noticed = false
    const asking = members.map(async (member) => {
      for (; !noticed; await pause(20)) await visit(member, any([...old, ...lost]))
    })
    await nodes.amid(null, async () => {
      await server.stop()
      await server.restoreFrom('copy')
      await server.start()
    })
    // Until a node has noticed it may go on with what it knows. That it has is told by these.
    await Promise.all(of('jwt').map((held) => everywhere(held, visitAll, 401)))
    noticed = true
    await begun(Promise.all(asking))

    const [now] = await query<{ epoch: string }>('SELECT epoch FROM sallyport.feed_state')
    expect(now?.epoch).not.toBe(epoch)
    for (const held of lost) await everywhere(held, visitAll, 401)
    for (const held of of('session').slice(3)) await everywhere(held, visitAll, 200)
    for (const held of ended) {
      const answers = await visitAll(held)
      expect(new Set(answers.map(({ status }) => status)).size).toBe(1)
    }
    for (const held of of('hybrid').slice(3)) {
      const answers = await visitAll(held)
      expect(answers.map(({ status, code }) => `${status} ${code}`)).toEqual(Array(3).fill('401 token_stale'))
      expect((await refresh(any(members), held)).status).toBe(200)
      await everywhere(held, visitAll, 200)
    }
    for (const member of members) {
      const reply = await signIn(member, before[4] as (typeof before)[0])
      expect(isDone(reply)).toBe(true)
      await everywhere(hold('hybrid', before[4] as (typeof before)[0], reply), visitAll, 200)
    }
    await all.quiet()
    const strange = journal.visits.filter(
      ({ held, status, user, session }) => status === 200 && (user !== held.owner.id || session !== held.sid),
    )
    expect(strange).toEqual([])
    expect(journal.visits.filter(({ from, to }) => to - from > 15_000)).toEqual([])
    expect(journal.visits.filter(({ status }) => ![200, 401, 503].includes(status))).toEqual([])

    const after = await trial(nodes, { seed: SEED + 1, users: 12 }, async () => {})
    expect(after.wrong).toEqual([])
  }, 120_000)
})
