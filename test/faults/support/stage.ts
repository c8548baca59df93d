import type { Auth } from '../../../src/auth.ts'
import { CODES } from '../../../src/errors.ts'
import { ROUTES } from '../../../src/http/routes.ts'
import { memory } from '../../../src/stores/memory/memory.ts'
import { BASE, type House, house } from '../../support/house.ts'
import { type FaultyStore, faulty, INNER } from './faulty.ts'
import { admit, type Held, PASSWORD, type Person, passwordRecord } from './people.ts'
import { lasting, type Parties, parties, SHOTS, type Shot } from './shots.ts'

/** An answer is waited for this long on the clock of the installation; what takes longer counts as none. */
export const PATIENCE_MS = 30_000
const STEP_MS = 100
const DAY_MS = 86_400_000

/** How one request ended. Status 0 is no answer. */
export type Outcome = {
  readonly what: string
  readonly status: number
  readonly code: string | null
  /** Whether it has met a verb that fails. */
  readonly met: boolean
  /** What is wrong with the answer itself, whatever it says. */
  readonly flaws: readonly string[]
}

/** Two nodes over one store that can fail, and people to do everything with. */
export type Stage = House & {
  readonly faulty: FaultyStore
  /** Has a session in the memory of the first node. */
  readonly witness: Held
  /** Every row of the table, once by someone in memory and once by someone who is not. */
  readonly shots: readonly (() => Promise<Outcome>)[]
  /** Requests that nobody may be granted, whatever happens. */
  readonly attacks: readonly (() => Promise<Outcome>)[]
  /** Sends them all at once and lets time pass until each has its answer, or patience has ended. */
  fire(requests: readonly (() => Promise<Outcome>)[]): Promise<readonly Outcome[]>
  ask(node: Auth, held: Held): () => Promise<Outcome>
  signIn(person: Person): () => Promise<Outcome>
}

type Sending = {
  readonly method: string
  readonly path: string
  readonly held?: Held | undefined
  readonly body?: unknown
}

export async function stage(): Promise<Stage> {
  const failing = faulty(memory())
  const base = await house({
    store: failing.store,
    nodes: 2,
    timeouts: { idle: '5d', absolute: '20d', remember: false },
    fresh: '1d',
  })
  const { store, nodes, clock } = base
  const record = await passwordRecord(store)
  const now = clock.now()
  const newcomer = (roles: readonly string[], authenticatedAt = now) =>
    admit(store, { record, now, sessions: 2, roles, session: { ...lasting(now), authenticatedAt } })

  async function send(node: Auth, what: string, sending: Sending): Promise<Outcome> {
    const { method, path, held, body } = sending
    const request = new Request(`${BASE}${path}`, {
      method,
      headers: {
        origin: BASE,
        ...(held && { cookie: `__Host-sid=${held.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const { result, met } = failing.noting(() => node.handler(request))
    const response = await result
    const stream = response.headers.get('content-type')?.startsWith('text/event-stream')
    if (stream) await response.body?.cancel()
    const text = stream ? '' : await response.text()
    const { code, flaws } = judged(response, text)
    return { what, status: response.status, code, met: met(), flaws }
  }

  /** The request itself; when it was granted, what it ended has to be over on both nodes at that moment. */
  function shotOf(key: string, shot: Shot, given: Parties, temper: string): () => Promise<Outcome> {
    const [method = '', pattern = ''] = key.split(' ')
    const root = pattern === '/livez' || pattern === '/readyz'
    const path = `${root ? '' : '/auth'}${shot.path?.(given) ?? pattern}`
    const held = shot.as && given.own.sessions[0]
    const what = `${key}, ${temper}`
    return async () => {
      const outcome = await send(base.auth, what, { method, path, held, body: shot.body?.(given) })
      if (outcome.status >= 300) return outcome
      const ended = (shot.ends?.(given) ?? []).filter((one) => one !== undefined)
      const asked = nodes.flatMap((node) => ended.map((one) => ask(node, one)))
      const after = await Promise.all(asked.map((one) => one()))
      const alive = after.filter(({ status }) => status < 300).map(() => 'granted, and what it ended lives')
      return { ...outcome, flaws: [...outcome.flaws, ...alive] }
    }
  }

  function ask(node: Auth, held: Held): () => Promise<Outcome> {
    return () => send(node, 'GET /session', { method: 'GET', path: '/auth/session', held })
  }

  const signIn = (person: Person, password = PASSWORD) => {
    const body = { email: person.email, password }
    return () => send(base.auth, 'POST /sign-in', { method: 'POST', path: '/auth/sign-in', body })
  }

  async function fire(requests: readonly (() => Promise<Outcome>)[]): Promise<readonly Outcome[]> {
    const outcomes: Outcome[] = []
    let open = requests.length
    for (const [i, request] of requests.entries()) {
      const never = { what: `request ${i}`, status: 0, code: null, met: true, flaws: [] }
      outcomes[i] = never
      request()
        .then(
          (outcome) => {
            outcomes[i] = outcome
          },
          (fault: unknown) => {
            outcomes[i] = { ...never, flaws: [`the handler threw ${String(fault)}`] }
          },
        )
        .finally(() => {
          open -= 1
        })
    }
    await clock.advance(0)
    for (let waited = 0; open > 0 && waited < PATIENCE_MS; waited += STEP_MS) await clock.advance(STEP_MS)
    return outcomes
  }

  const shots: (() => Promise<Outcome>)[] = []
  for (const { method, path } of ROUTES) {
    const key = `${method} ${path}`
    const shot = SHOTS[key]
    if (!shot) throw new Error(`there is no request for ${key}: add one to shots.ts`)
    for (const temper of ['cold', 'warm'] as const) {
      const given = await parties(store, record, now, shot)
      if (temper === 'warm')
        await fire([...given.own.sessions, ...given.other.sessions].map((one) => ask(base.auth, one)))
      shots.push(shotOf(key, shot, given, temper))
    }
  }

  const first = (person: Person) => person.sessions[0] as Held
  const witness = first(await newcomer(['member']))
  const over = await Promise.all([newcomer(['member']), newcomer(['member'])])
  const locked = await Promise.all([newcomer(['member']), newcomer(['member'])])
  const stale = first(await newcomer(['admin'], now - 2 * DAY_MS))
  const plain = first(await newcomer(['member']))
  const guessed = await newcomer(['member'])
  await fire([witness, plain, stale, first(over[0]), first(locked[0])].map((one) => ask(base.auth, one)))
  for (const person of over) await base.patiently(base.auth.end(first(person).sid))
  for (const { id } of locked) await base.patiently(base.auth.lock(id))

  const unknown = { token: 'A'.repeat(64), sid: '', owner: plain.owner }
  const attack = (method: string, path: string, held?: Held, body?: unknown) => () =>
    send(base.auth, `attack: ${method} ${path}`, { method, path, held, body })
  const shutOut = [undefined, unknown, ...over.map(first), ...locked.map(first)]
  const target = guessed.id
  const attacks = [
    ...shutOut.flatMap((held) => [
      attack('GET', '/auth/session', held),
      attack('GET', '/auth/session/events', held),
      attack('POST', '/auth/session/renew', held),
      attack('DELETE', '/auth/user', held),
      attack('GET', '/auth/admin/users', held),
      attack('POST', '/auth/reauthenticate', held, { password: PASSWORD }),
    ]),
    ...[unknown, ...over.map(first), ...locked.map(first)].map((held) => ask(nodes[1] as Auth, held)),
    signIn(guessed, 'not the password of anybody'),
    ...locked.map((person) => signIn(person)),
    attack('POST', '/auth/password/reset', undefined, { token: 'B'.repeat(32), newPassword: PASSWORD }),
    attack('GET', '/auth/admin/users', plain),
    attack('GET', '/auth/admin/audit', plain),
    attack('PATCH', `/auth/admin/users/${plain.owner.id}`, plain, { roles: ['admin'] }),
    attack('DELETE', `/auth/admin/users/${target}`, plain),
    attack('DELETE', `/auth/admin/users/${target}`, stale),
    attack('PATCH', `/auth/admin/users/${target}`, stale, { status: 'locked' }),
    attack('DELETE', '/auth/sessions?scope=all', stale),
  ]
  return { ...base, faulty: failing, witness, shots, attacks, fire, ask, signIn }
}

/** Refusals are problems of the catalogue, set no cookie, and tell of a fault nothing but that there was one. */
function judged(response: Response, text: string): { readonly code: string | null; readonly flaws: readonly string[] } {
  const { status, headers } = response
  const flaws: string[] = []
  if (text.includes(INNER) || JSON.stringify([...headers]).includes(INNER)) flaws.push('tells of the inside')
  if (status < 400) return { code: null, flaws }
  if (headers.getSetCookie().length > 0) flaws.push('a refusal sets a cookie')
  // Readiness is no refusal: it names the parts.
  if (text.startsWith('{"status":"unavailable"')) return { code: null, flaws }
  const problem = JSON.parse(text) as Record<string, unknown>
  const code = String(problem.code)
  if (!Object.hasOwn(CODES, code) || CODES[code as keyof typeof CODES][0] !== status) flaws.push(`code ${code}`)
  if (status >= 500) {
    const members = Object.keys(problem).sort().join()
    if (members !== 'code,requestId,status,title,type') flaws.push(`members ${members}`)
  }
  return { code, flaws }
}
