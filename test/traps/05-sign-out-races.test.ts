import { expect, vi } from 'vitest'
import type { SessionId } from '../../src/session.ts'
import type { Client } from '../../src/testing/strategy/client.ts'
import { PASSWORD, SETTLED, type Site } from '../../src/testing/strategy/harness.ts'
import type { Held } from '../../src/testing/strategy/tap.ts'
import { type Asked, after, type Reply, send } from './http.ts'
import { trap, underEveryStrategy } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const SESSION: Asked = { method: 'GET', path: '/auth/session' }
const REFRESH: Asked = { method: 'POST', path: '/auth/refresh' }
const SIGN_OUT: Asked = { method: 'POST', path: '/auth/sign-out' }

const NEW_PASSWORD = { currentPassword: PASSWORD, newPassword: 'quite another passphrase' }

/** Whether it has ended meanwhile, and what is to be replaced. */
const ONCE_MORE = ['users.find#2', 'sessions.find#2', 'sessions.find#3']

/** What the node asks before it lets anybody in, under one strategy or another. */
const LOOK_UP = ['users.find', 'sessions.find', 'denials.check', 'keys.list']
const PASSWORD_CHECK = ['counters.reserve', 'credentials.find', 'counters.resolve']

/**
 * Requests that hand out a credential or keep a session going, with the answers of the store that each waits for. `#2` is the
 * second answer to one verb. Which of them there are depends on the strategy.
 */
const REQUESTS: readonly (Asked & { readonly waits: readonly string[] })[] = [
  { ...SESSION, waits: LOOK_UP },
  { ...REFRESH, waits: ['sessions.find', 'users.find', 'sessions.find#2', 'sessions.advance'] },
  { method: 'POST', path: '/auth/session/renew', waits: [...LOOK_UP, 'users.find#2', 'sessions.touch'] },
  {
    method: 'POST',
    path: '/auth/reauthenticate',
    body: { password: PASSWORD },
    waits: [...LOOK_UP, ...PASSWORD_CHECK, ...ONCE_MORE, 'sessions.replace', 'denials.deny'],
  },
  {
    method: 'POST',
    path: '/auth/password',
    body: NEW_PASSWORD,
    waits: [
      ...[...LOOK_UP, ...PASSWORD_CHECK, ...ONCE_MORE],
      ...['credentials.replace', 'users.endAll', 'sessions.replace', 'sessions.endOf'],
    ],
  },
  { method: 'DELETE', path: '/auth/sessions?scope=others', waits: [...LOOK_UP, 'users.endAll', 'sessions.endOf'] },
]

/** The answer at which the request now stands still; null when it came to its end without waiting for that. */
async function heldAt(site: Site, waits: string, late: () => Promise<Reply>): Promise<[Held | null, Promise<Reply>]> {
  const [verb = '', nth = '1'] = waits.split('#')
  let hold = site.taps[1].hold(verb)
  const reply = late()
  for (let n = 1; ; n += 1) {
    if (!(await comesFirst(site, hold.reached, reply))) return [null, reply]
    if (n === Number(nth)) return [hold, reply]
    const { release } = hold
    hold = site.taps[1].hold(verb)
    release()
  }
}

/** Whether the one comes before the other. Lets time pass meanwhile. */
async function comesFirst(site: Site, one: Promise<unknown>, other: Promise<unknown>): Promise<boolean> {
  let first: boolean | null = null
  one.then(() => {
    first ??= true
  })
  other.then(() => {
    first ??= false
  })
  while (first === null) await site.clock.advance(1)
  return first
}

/** Every credential in it is dead, on every node. */
async function shut(site: Site, client: Client, refreshes: boolean, what: string): Promise<void> {
  for (const node of site.nodes) {
    expect((await send(node, client, SESSION)).status, `${what}: the session`).toBe(401)
    if (!refreshes) continue
    const refreshed = await send(node, client, REFRESH)
    expect([refreshed.status, [...refreshed.cookies]], `${what}: a refresh`).toEqual([401, []])
  }
}

trap('trap 5: a sign-out that races a request or a refresh', (kind) => {
  underEveryStrategy(kind, ({ test, strategy }) => {
    const refreshes = strategy.refreshing !== null

    for (const { waits, ...request } of REQUESTS) {
      if (request.path === REFRESH.path && !refreshes) continue
      const { method, path } = request
      test(`${method} ${path} is held up at each answer of the store while its owner signs out`, async (site) => {
        const reached: string[] = []
        for (const [i, at] of waits.entries()) {
          const client = await site.signUp(`user${i}`)
          // Old enough to be refreshed, and no node may decide by what it has in memory.
          site.clock.suspend(31_000 + SETTLED)
          const [held, late] = await heldAt(site, at, () => send(site.nodes[1], client, request))
          if (held === null) continue
          reached.push(at)
          const out = await site.patiently(send(site.auth, client, SIGN_OUT))
          expect([out.status, [...out.cookies]]).toEqual([204, []])
          held.release()
          const reply = await site.patiently(late)
          await shut(site, client, refreshes, `${at}: what it held`)
          await shut(site, after(client, reply), refreshes, `${at}: what it was handed`)
          const record = await site.store.sessions.find(client.sessionId as SessionId)
          expect(record?.endedAt, `${at}: the record`).not.toBe(null)
          expect(await site.store.denials.check(client.sessionId as SessionId), `${at}: the reason`).not.toBe(null)
        }
        expect(reached.length, `held up at ${reached}`).toBeGreaterThan(1)
      })
    }
  })
})
