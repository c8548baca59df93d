import { expect, vi } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import type { SessionId } from '../../src/session.ts'
import type { Carried } from '../../src/strategy.ts'
import { ask, type Client, handed, must, who, wordOf } from '../../src/testing/strategy/client.ts'
import type { Cases, Site } from '../../src/testing/strategy/harness.ts'
import { nodes, trap } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Access tokens last five minutes. */
const TOKEN_OVER = 6 * MINUTE
const LONG = { timeouts: { idle: '10h', absolute: '2d' } } as const

const refresh = async (node: Auth, client: Client): Promise<Carried> =>
  must(await node.refresh(client.carrier, client.refreshToken)).carried

/** Every order in which some or all of the answers arrive; the others are lost. */
function arrivals(count: number): readonly (readonly number[])[] {
  const longer = (order: readonly number[]): readonly (readonly number[])[] => {
    const rest = Array.from({ length: count }, (_, i) => i).filter((i) => !order.includes(i))
    return [order, ...rest.flatMap((next) => longer([...order, next]))]
  }
  return longer([])
}

/** Nobody was signed out: it goes on, for as long as one likes. */
async function goesOn(site: Site, given: Client, what: string): Promise<void> {
  let client = given
  for (const node of site.nodes) {
    site.clock.suspend(TOKEN_OVER)
    client = handed(client, await refresh(node, client))
    expect(await ask(node, client), what).toBe('in')
    await site.clock.advance(500)
  }
}

/** Both are out on every node, and it is in the record. */
async function bothOut(site: Site, ...clients: readonly Client[]): Promise<void> {
  for (const client of clients) {
    for (const node of site.nodes) {
      expect(await ask(node, client)).toBe('token_reused')
      expect(await wordOf(node.refresh(client.carrier, client.refreshToken))).toBe('token_reused')
    }
    const record = await site.store.sessions.find(client.sessionId as SessionId)
    expect(record).toMatchObject({ endReason: 'token_reused', endedAt: expect.any(Number) })
  }
}

trap('trap 1: refresh answers that come in parallel, never, or in another order', (kind) => {
  honest(nodes(kind, 'hybrid'))
  stolen(nodes(kind, 'hybrid'))
})

function honest({ test }: Cases): void {
  for (const count of [2, 3]) {
    test(`${count} at once from one jar, their answers in every order or lost: nobody is signed out`, async (site) => {
      for (const order of arrivals(count)) {
        const jar = await site.enter(`user-${order.join('-')}`)
        site.clock.suspend(TOKEN_OVER)
        const asked = Array.from({ length: count }, (_, i) => refresh(site.nodes[i % site.nodes.length] as Auth, jar))
        const answers = await Promise.all(asked)
        const tokens = answers.map((carried) => handed(jar, carried))
        const client = order.reduce((held, i) => handed(held, answers[i] ?? null), jar)
        const what = `arrived: ${order.join(', ') || 'none'}`
        for (const one of order.length > 0 ? [client, ...tokens] : []) {
          for (const node of site.nodes) expect(await ask(node, one), what).toBe('in')
        }
        await goesOn(site, client, what)
      }
    })
  }

  test('an answer that is under way for 25 s, and arrives after the one asked for later', async (site) => {
    const jar = await site.enter('ann')
    site.clock.suspend(TOKEN_OVER)
    const slow = await refresh(site.auth, jar)
    await site.clock.advance(25_000)
    const quick = await refresh(site.nodes[1], jar)
    const client = handed(handed(jar, quick), slow)
    expect(await ask(site.auth, client)).toBe('in')
    await goesOn(site, client, 'the late one')
  })

  for (const [name, ms] of [
    ['2 s', 2000],
    ['10 minutes', 10 * MINUTE],
    ['8 hours', 8 * HOUR],
  ] as const) {
    const title = `an answer that is lost, and asked for again after ${name}`
    const retried = async (site: Site) => {
      const jar = await site.enter('ann')
      site.clock.suspend(TOKEN_OVER)
      const lost = handed(jar, await refresh(site.auth, jar))
      site.clock.suspend(ms)
      const client = handed(jar, await refresh(site.nodes[1], jar))
      expect(client.cookies.get('__Secure-rt')).toBe(lost.cookies.get('__Secure-rt'))
      expect(await ask(site.auth, client)).toBe('in')
      await goesOn(site, client, name)
    }
    test(title, retried, { options: LONG })
  }
}

function stolen({ test }: Cases): void {
  /** One turn of whoever holds the jar: the next tokens, and a request with them. Not said when they are refused. */
  async function comes(site: Site, client: Client, node: Auth): Promise<Client> {
    const answer = await site.patiently(node.refresh(client.carrier, client.refreshToken))
    const next = answer.ok ? handed(client, answer.value.carried) : client
    await ask(node, next)
    await site.clock.advance(1000)
    return next
  }

  for (const [name, wait] of [
    ['5 s after the owner', 5_000],
    ['10 minutes after the owner', 10 * MINUTE],
    ['before the owner', null],
  ] as const) {
    const title = `a thief who comes ${name} is found out, and both are out`
    const run = async (site: Site) => {
      let owner = await site.enter('ann')
      let thief = owner
      site.clock.suspend(TOKEN_OVER)
      if (wait === null) thief = await comes(site, thief, site.nodes[1])
      else owner = await comes(site, owner, site.auth)
      site.clock.suspend(wait ?? MINUTE)
      if (wait === null) owner = await comes(site, owner, site.auth)
      else thief = await comes(site, thief, site.nodes[1])
      // Within the window they hold the same token; then each of them goes on.
      for (let turn = 0; turn < 2; turn += 1) {
        site.clock.suspend(TOKEN_OVER)
        owner = await comes(site, owner, site.auth)
        site.clock.suspend(TOKEN_OVER)
        thief = await comes(site, thief, site.nodes[1])
      }
      await bothOut(site, owner, thief)
      expect(site.events.filter(({ type }) => type === 'token.reused').length).toBeGreaterThan(0)
      expect(site.events.filter(({ type }) => type === 'session.ended')).toHaveLength(1)
    }
    test(title, run, { options: LONG })
  }

  test('what ends the session is kept, whatever becomes of the answer', async (site) => {
    const before = await site.enter('ann')
    site.clock.suspend(TOKEN_OVER)
    const owner = await comes(site, before, site.auth)
    expect((await who(site.auth, owner)).session.id).toBe(before.sessionId)
    site.clock.suspend(MINUTE)
    // The answer to the thief waits for the other nodes; it is never waited for.
    const answer = site.nodes[1].refresh(before.carrier, before.refreshToken)
    await site.clock.advance(1000)
    await bothOut(site, owner)
    await site.patiently(answer)
  })
}
