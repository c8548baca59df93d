import { existsSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inParallel } from '../faults/support/client.ts'
import { service } from '../support/services.ts'
import { type Fleet, fleet, type Held, isThere, type Member, SERVICES } from './fleet.ts'
import { endedWithFile, until } from './started.ts'

endedWithFile()

/** How long a service may decide without the server. Milliseconds. */
const LEASE_MS = 3000
/** How long an ending waits for a service that is no more; and what a busy machine may add to it. */
const SETTLE_MS = LEASE_MS * 1.01
const SLACK_MS = 2000

const LANES = 4
const PEOPLE = 25

type Ending = { readonly kind: string; readonly held: Held; readonly owner: Member }

describe.skipIf(!service('nginx')).each(['session', 'hybrid', 'jwt'])('examples/fleet, by %s', (strategy) => {
  let f: Fleet
  beforeAll(async () => {
    f = await fleet(strategy)
  }, 120_000)
  afterAll(() => f?.at.stop())

  it.runIf(process.platform === 'linux')('its services know neither file nor address of the database', () => {
    const name = /^[A-Z_]+(?==)/gm
    for (const one of SERVICES) {
      const environment = readFileSync(`/proc/${f.program(one).pid}/environ`, 'utf8').replaceAll('\0', '\n')
      const given = [...environment.matchAll(name)].map(([word]) => word).sort()
      expect(given).toEqual(['AUTH_ISSUER', 'AUTH_URL', 'PATH', 'PORT', 'SERVICE_ID', 'SERVICE_SECRET'])
      expect(environment).not.toContain(f.at.data)
    }
  })

  it('P1: of 100 endings each is refused by all three at the very next request', { timeout: 120_000 }, async () => {
    const labels = (kind: string) => Array.from({ length: PEOPLE }, (_, i) => `${kind}${i}`)
    const people = await inParallel([...labels('locked'), ...labels('demoted'), 'one'], LANES, f.auditor)
    const [one] = people.slice(-1) as [Member]
    const owners = (kind: string, from: number) =>
      Array.from({ length: PEOPLE }, (_, i) => ({ kind, owner: from < 0 ? one : (people[from + i] as Member) }))
    const planned = [
      ...owners('lock', 0),
      ...owners('demotion', PEOPLE),
      ...owners('sign-out', -1),
      ...owners('ending', -1),
    ]
    const endings: Ending[] = await inParallel(planned, LANES, async ({ kind, owner }) => {
      return { kind, owner, held: await f.signIn(owner.email) }
    })
    await inParallel(endings, 16, ({ held }) => f.warm(held.token))

    const carriedOut = ({ kind, held: { token, sid }, owner: { id } }: Ending) => {
      const { token: admin } = f.admin
      if (kind === 'lock') return f.auth('PATCH', `/admin/users/${id}`, admin, { status: 'locked' })
      if (kind === 'demotion') return f.auth('PATCH', `/admin/users/${id}`, admin, { roles: ['member'] })
      if (kind === 'ending') return f.auth('DELETE', `/admin/sessions/${sid}`, admin)
      return f.auth('POST', '/sign-out', token)
    }
    const told = await inParallel(endings, LANES, async (ending) => {
      const { kind, held } = ending
      expect((await f.all(held.token)).map(({ here }) => here)).toEqual([true, true, true])
      expect([200, 204]).toContain((await carriedOut(ending)).status)
      const [orders, reports, stock] = (await f.all(held.token)).map(({ status }) => status)
      // A session shows its new roles at once; a token with the old ones is out of date everywhere.
      const isShown = kind === 'demotion' && strategy === 'session'
      expect([kind, orders, reports, stock]).toEqual(isShown ? [kind, 200, 403, 200] : [kind, 401, 401, 401])
      return kind
    })
    expect(told).toHaveLength(100)
  })

  it('P3: the auth server killed: at most a lease, then 503, never 401; what was ended is never accepted', async () => {
    const owner = await f.auditor('cut-off')
    const [held, ended] = [await f.signIn(owner.email), await f.signIn(owner.email)]
    await Promise.all([f.warm(held.token), f.warm(ended.token)])
    expect((await f.auth('POST', '/sign-out', ended.token)).status).toBe(204)
    let over = false
    const tried = (async () => {
      const seen = new Set<number>()
      while (!over) for (const { status } of await f.all(ended.token)) seen.add(status)
      return seen
    })()

    await f.typed('kill', 'auth')
    const gone = performance.now()
    await Promise.all(
      SERVICES.map(async (service) => {
        for (let status = 200; status === 200; ) {
          const asked = performance.now() - gone
          ;({ status } = await f.ask(service, held.token))
          if (status === 200) expect([service, asked < LEASE_MS]).toEqual([service, true])
          else expect([service, status]).toEqual([service, 503])
        }
      }),
    )
    expect(performance.now() - gone).toBeLessThan(LEASE_MS + SLACK_MS)

    // One that was started meanwhile knows nobody, and says no more than that it cannot know.
    await f.typed('kill', 'stock')
    await f.typed('start', 'stock')
    expect((await f.ask('stock', held.token)).status).toBe(503)
    expect((await f.ask('stock', ended.token)).status).toBe(503)
    expect((await f.all(held.token)).map(({ status, code }) => [status, code])).toEqual(
      SERVICES.map(() => [503, 'unavailable']),
    )

    await f.typed('start', 'auth')
    await until(async () => {
      const said = await f.all(held.token)
      for (const { status } of said) expect([200, 503]).toContain(status)
      return said.every(({ here }) => here)
    })
    over = true
    // 502 is nginx, while there was no service.
    expect([...(await tried)].filter((status) => ![401, 502, 503].includes(status))).toEqual([])
    expect((await f.all(ended.token)).map(({ status }) => status)).toEqual([401, 401, 401])
  })

  // It is the rows that are waited for, which are the same by any strategy.
  it.runIf(strategy === 'hybrid')(
    'P1: a service killed: endings wait for it no longer than a lease, and the others obey',
    async () => {
      const owner = await f.auditor('left')
      const tokens = await Promise.all(Array.from({ length: 4 }, async () => (await f.signIn(owner.email)).token))
      const [first = '', ...more] = tokens
      await Promise.all(tokens.map(f.warm))
      // Whatever an earlier process has left behind.
      expect((await f.auth('POST', '/sign-out', first)).status).toBe(204)
      await f.typed('kill', 'reports')
      const took: number[] = []
      for (const token of more) {
        const began = performance.now()
        expect((await f.auth('POST', '/sign-out', token)).status).toBe(204)
        took.push(performance.now() - began)
        const said = await f.all(token)
        expect(said.map(({ status }) => status)).toEqual([401, 502, 401])
      }
      // One finds that nobody answers, one more comes before the row is gone: then nothing is waited for any more.
      const [found = 0, before = 0, after = 0] = took
      expect(Math.max(found, before)).toBeLessThan(SETTLE_MS + SLACK_MS)
      expect(after).toBeLessThan(LEASE_MS / 2)
    },
  )

  it('ends with Ctrl-C, and leaves nothing behind', async () => {
    const pids = ['auth', ...SERVICES, 'nginx'].map((name) => f.program(name).pid)
    const [, folder = ''] = /what they say is in (\S+)/.exec(f.at.said()) ?? []
    expect(existsSync(folder)).toBe(true)
    expect(await f.at.stop()).toBe(0)
    expect(pids.filter(isThere)).toEqual([])
    expect(existsSync(folder)).toBe(false)
    await expect(fetch(f.at.origin)).rejects.toThrow()
  })
})

it.skipIf(!service('nginx'))('nothing of it outlives its own process, whatever becomes of that', async () => {
  const f = await fleet('session')
  const [, own = ''] = /the fleet's own process is (\d+)/.exec(f.at.said()) ?? []
  const [, folder = ''] = /what they say is in (\S+)/.exec(f.at.said()) ?? []
  const pids = ['auth', ...SERVICES, 'nginx'].map((name) => f.program(name).pid)
  expect(pids.every(isThere)).toBe(true)
  process.kill(Number(own), 'SIGKILL')
  await until(() => !pids.some(isThere) && !existsSync(folder))
})
