import { expect } from 'vitest'
import { PASSWORD } from '../support/house.ts'
import { asking, HTML } from './people.ts'
import { started, until } from './started.ts'

export const SERVICES = ['orders', 'reports', 'stock'] as const
export type Service = (typeof SERVICES)[number]

/** What a service said, and whether it decided by itself. */
export type Said = { readonly status: number; readonly code: string | undefined; readonly here: boolean }

export type Member = { readonly id: string; readonly email: string }
export type Held = { readonly token: string; readonly sid: string }

/** The example, with an administrator. */
export async function fleet(strategy: string) {
  const at = await started('fleet', { args: ['--strategy', strategy] })
  const { pathname, searchParams } = new URL(/setup: (\S+)/.exec(at.said())?.[1] ?? '')
  const email = 'admin@example.com'
  const form = { email, password: PASSWORD, name: 'Admin', token: searchParams.get('token') ?? '' }
  expect((await asking(at).post(pathname, { form, headers: HTML })).status).toBe(303)

  /** By nginx, as everybody asks. */
  async function call(method: string, path: string, token?: string, body?: object) {
    const response = await fetch(`${at.origin}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json')
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : null }
  }

  async function signIn(who: string): Promise<Held> {
    const given = { email: who, password: PASSWORD, transport: 'bearer' }
    const { status, body } = await call('POST', '/auth/sign-in', undefined, given)
    expect(status).toBe(200)
    return { token: body.tokens.accessToken, sid: body.session.id }
  }

  async function ask(service: Service, token: string): Promise<Said> {
    const { status, headers, body } = await call('GET', `/${service}`, token)
    return { status, code: body?.code, here: headers.get('x-decided') === 'here' }
  }

  const admin = await signIn(email)
  /** May read reports, so that all three let them in. */
  async function auditor(label: string): Promise<Member> {
    const own = { email: `${label}@example.com`, password: PASSWORD }
    const { body } = await call('POST', '/auth/sign-up', undefined, own)
    const { id } = body.user
    const roles = ['member', 'auditor']
    expect((await call('PATCH', `/auth/admin/users/${id}`, admin.token, { roles })).status).toBe(200)
    return { id, email: own.email }
  }

  const all = (token: string): Promise<readonly Said[]> => Promise.all(SERVICES.map((service) => ask(service, token)))

  return {
    at,
    admin,
    ask,
    auditor,
    signIn,
    /** What all three say. */
    all,
    /** An operation of the auth server. */
    auth: (method: string, path: string, token: string, body?: object) => call(method, `/auth${path}`, token, body),
    /** Until all three decide about it by themselves. */
    warm: (token: string) => until(async () => (await all(token)).every(({ here }) => here)),
    /** Where the program listens by itself, and its process. */
    program(name: string) {
      const [, pid = '', origin = ''] = new RegExp(`^${name} +(\\d+) +(http:\\S+)$`, 'm').exec(at.said()) ?? []
      return { pid: Number(pid), origin }
    },
    /** What is typed where it runs. Resolves when that is done. */
    async typed(verb: 'kill' | 'start', name: string): Promise<void> {
      const before = at.said().length
      at.type(`${verb} ${name}`)
      await until(() =>
        at
          .said()
          .slice(before)
          .includes(`${name} is ${verb === 'kill' ? 'killed' : 'started'}`),
      )
    },
  }
}

export type Fleet = Awaited<ReturnType<typeof fleet>>

/** Whether a process is there. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
