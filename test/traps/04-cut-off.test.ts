import { expect, it, vi } from 'vitest'
import type { Route } from '../../src/http/route.ts'
import { ROUTES } from '../../src/http/routes.ts'
import { type Client, handed, must, who } from '../../src/testing/strategy/client.ts'
import { PASSWORD, SETTLED, type Site } from '../../src/testing/strategy/harness.ts'
import { DOORS, type Door } from './doors.ts'
import { type Reply, send } from './http.ts'
import { trap, underEveryStrategy } from './stores.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const nameOf = ({ method, path }: Route) => `${method} ${path}`

it('trap 4: every route says what it does with a credential, and no other does', () => {
  expect(Object.keys(DOORS).sort()).toEqual(ROUTES.map(nameOf).sort())
  for (const route of ROUTES) {
    const { door } = DOORS[nameOf(route)] as Door
    const looks = { public: ['none', 'refresh', 'continue', 'sign-out'], service: ['service'] }
    const allowed = route.access === 'public' || route.access === 'service' ? looks[route.access] : ['session']
    expect(allowed, nameOf(route)).toContain(door)
  }
})

/** Ways to be shut out, and the word for it. Each user has been let in by every node just before, as an administrator. */
const SITUATIONS: Readonly<Record<string, readonly [code: string, (site: Site, client: Client) => Promise<unknown>]>> =
  {
    'everyone was signed out': ['session_revoked', (site) => site.auth.endEveryone()],
    'the session was revoked': ['session_revoked', (site, { sessionId }) => site.auth.end(sessionId)],
    'the user was locked': ['user_locked', async (site, { userId }) => must(await site.auth.lock(userId))],
    'the user was removed': ['session_revoked', async (site, { userId }) => must(await site.auth.users.remove(userId))],
    'the password was changed elsewhere': ['session_revoked', changePassword],
  }

async function changePassword(site: Site, { email }: Client): Promise<void> {
  const elsewhere = await site.signUp(email.replace('@example.org', ''))
  const found = await who(site.nodes[1], elsewhere)
  const change = { currentPassword: PASSWORD, newPassword: 'quite another passphrase' }
  must(await site.nodes[1].changePassword(found, change))
}

const SESSION = { method: 'GET', path: '/auth/session' }
const SIGN_OUT = { method: 'POST', path: '/auth/sign-out' }
const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document', 'sec-fetch-site': 'same-origin' }

/** Where routes ask about ids, they belong to nobody. */
function request({ method, path, root }: Route, { door, body, query = '' }: Door) {
  const headers = door === 'continue' ? NAVIGATION : {}
  const at = `${root ? '' : '/auth'}${path.replace(/\{\w+\}/, 'AAAAAAAAAAAAAAAAAAAAAA')}${query}`
  return { method, path: at, headers, ...(body && { body }) }
}

/** What whoever is shut out hears at a door. */
function refusal(door: Door['door'], code: string, refreshes: boolean): Partial<Reply> {
  switch (door) {
    case 'session':
      return { status: 401, code }
    case 'refresh':
      return refreshes ? { status: 401, code } : { status: 400, code: 'not_supported' }
    case 'continue':
      return { status: 303, location: '/auth/sign-in?return=%2Faccount' }
    default:
      return {}
  }
}

trap('trap 4: a cut-off that one route has not heard of', (kind) => {
  underEveryStrategy(kind, ({ test, strategy }) => {
    const refreshes = strategy.refreshing !== null

    async function admin(site: Site, label: string): Promise<Client> {
      const { userId } = await site.signUp(label)
      must(await site.patiently(site.auth.setRoles(userId, ['member', 'admin'])))
      const client = await site.signUp(label)
      for (const node of site.nodes) expect((await who(node, client)).user.roles).toContain('admin')
      return client
    }

    /** At each door, now and when no node may decide by its memory; all nodes take their turn. */
    async function everywhere(site: Site, client: Client, how: string, code: string): Promise<void> {
      for (const manner of ['warm', 'cold']) {
        if (manner === 'cold') site.clock.suspend(SETTLED)
        for (const [i, route] of ROUTES.entries()) {
          const door = DOORS[nameOf(route)] as Door
          if (door.door === 'none' || door.door === 'service' || door.door === 'sign-out') continue
          const node = site.nodes[i % site.nodes.length] ?? site.auth
          const reply = await site.patiently(send(node, client, request(route, door)))
          const what = `${nameOf(route)}, ${how}, ${manner}`
          expect(reply, what).toMatchObject(refusal(door.door, code, refreshes))
          expect([...reply.cookies], what).toEqual([])
        }
      }
      // Another reason to be out, which changes nothing.
      expect(await site.patiently(send(site.auth, client, SIGN_OUT))).toMatchObject({ status: 204, cookies: new Map() })
      for (const node of site.nodes) expect((await send(node, client, SESSION)).status).toBe(401)
    }

    for (const [how, [code, end]] of Object.entries(SITUATIONS)) {
      test(`no route lets in: ${how}`, async (site) => {
        const client = await admin(site, 'ann')
        await site.patiently(end(site, client))
        await everywhere(site, client, how, code)
      })
    }

    test('no program hears that it is good', async (site) => {
      const { id, secret } = must(await site.auth.services.create('a program'))
      const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
      for (const [how, [, end]] of Object.entries(SITUATIONS)) {
        const client = await admin(site, how.replaceAll(' ', '-'))
        const active = async (node: Site['auth'], token: string) => {
          const asked = { method: 'POST', path: '/auth/introspect', form: { token }, headers: { authorization } }
          const { status, body } = await send(node, { cookies: new Map() }, asked)
          return [status, body.active]
        }
        for (const token of client.cookies.values()) expect(await active(site.auth, token)).toEqual([200, true])
        await site.patiently(end(site, client))
        for (const node of site.nodes) {
          for (const token of client.cookies.values()) expect(await active(node, token), how).toEqual([200, false])
        }
      }
    })

    test('no administrative route lets in who is no administrator any more, nor with the next token', async (site) => {
      const client = await admin(site, 'ann')
      must(await site.patiently(site.nodes[2 % site.nodes.length]?.setRoles(client.userId, ['member']) as never))
      const next = refreshes
        ? handed(client, must(await site.auth.refresh(client.carrier, null)).carried)
        : handed(client, must(await site.auth.renew(await who(site.auth, client, { renewing: true }))).carried)
      const admins = ROUTES.filter(({ access }) => access === 'admin' || access === 'auditor')
      expect(admins.length).toBeGreaterThan(10)
      for (const [i, route] of admins.entries()) {
        const node = site.nodes[i % site.nodes.length] ?? site.auth
        const asked = request(route, DOORS[nameOf(route)] as Door)
        const stale =
          strategy.tokenLife === null ? { status: 403, code: 'forbidden' } : { status: 401, code: 'token_stale' }
        expect(await send(node, client, asked), nameOf(route)).toMatchObject(stale)
        expect(await send(node, next, asked), nameOf(route)).toMatchObject({ status: 403, code: 'forbidden' })
      }
    })
  })
})
