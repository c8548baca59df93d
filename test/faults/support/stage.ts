import type { Auth } from '../../../src/auth.ts'
import { CODES } from '../../../src/errors.ts'
// Loaded by the first request otherwise, in real time.
import '../../../src/http/app.ts'
import { ROUTES } from '../../../src/http/routes.ts'
import { memory } from '../../../src/stores/memory/memory.ts'
import { hybrid } from '../../../src/strategies/hybrid.ts'
import { BASE, type House, house } from '../../support/house.ts'
import { type Calls, type FaultyStore, faulty, INNER } from './faulty.ts'
import { admit, type Held, PASSWORD, type Person, passwordRecord } from './people.ts'
import { lasting, type Parties, parties, SHOTS, type Shot } from './shots.ts'
import { basic, programOf } from './tokens.ts'

/** An answer is waited for this long on the clock of the installation; what takes longer counts as none. */
const PATIENCE_MS = 30_000
export const STEP_MS = 100
const DAY_MS = 86_400_000
const NO_CALLS: Calls = { verbs: new Set(), met: false }

/** How one request ended. Status 0 is no answer. */
export type Outcome = {
  readonly what: string
  readonly status: number
  readonly code: string | null
  readonly calls: Calls
  /** What is wrong with the answer itself, whatever it says. */
  readonly flaws: readonly string[]
}

export type Try = { readonly what: string; run(): Promise<Outcome> }

/** Two nodes over one store that can fail, and people to do everything with. */
export type Stage = House & {
  readonly faulty: FaultyStore
  /** Has a session in the memory of the first node. */
  readonly witness: Held
  /** Rows of the table, each once by someone in memory and once by someone who is not. */
  readonly shots: readonly Try[]
  /** Requests that nobody may be granted, whatever happens. */
  readonly attacks: readonly Try[]
  /** Sends them all at once and lets time pass until each has its answer, or patience has ended. */
  fire(tries: readonly Try[]): Promise<readonly Outcome[]>
  ask(node: Auth, held: Held): Try
  signIn(person: Person): Try
}

type Sending = {
  readonly method: string
  readonly path: string
  readonly held?: Held | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** JSON, but for what is a form. */
  readonly body?: unknown
}

/** @param wanted which rows there are requests of, by method and path; all of them when left out */
export async function stage(wanted: (key: string) => boolean = () => true): Promise<Stage> {
  const failing = faulty(memory())
  const base = await house({
    store: failing.store,
    nodes: 2,
    timeouts: { idle: '5d', absolute: '20d', remember: false },
    fresh: '1d',
    accept: [hybrid()],
    // Its keys are made at once, not beside the event loop, which this clock does not wait for.
    keys: { alg: 'HS256' },
  })
  const { store, nodes, clock, auth } = base
  const record = await passwordRecord(store)
  const now = clock.now()
  const newcomer = (roles: readonly string[], authenticatedAt = now) =>
    admit(store, { record, now, sessions: 2, roles, session: { ...lasting(now), authenticatedAt } })

  async function send(node: Auth, what: string, { method, path, held, headers, body }: Sending): Promise<Outcome> {
    const isForm = body instanceof URLSearchParams
    const request = new Request(`${BASE}${path}`, {
      method,
      headers: {
        origin: BASE,
        ...(held && credentialOf(held)),
        ...(body !== undefined && !isForm && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : isForm ? body : JSON.stringify(body),
    })
    const { result, calls } = failing.noting(() => node.handler(request))
    const response = await result
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream')
    if (isStream) await response.body?.cancel()
    const text = isStream ? '' : await response.text()
    return { what, status: response.status, calls, ...judged(response, text) }
  }

  const ask = (node: Auth, held: Held): Try => {
    const what = 'GET /session'
    return { what, run: () => send(node, what, { method: 'GET', path: '/auth/session', held }) }
  }

  const signIn = (person: Person, password = PASSWORD): Try => {
    const what = 'POST /sign-in'
    const body = { email: person.email, password }
    return { what, run: () => send(auth, what, { method: 'POST', path: '/auth/sign-in', body }) }
  }

  /** The request itself; when it was granted, what it ended has to be over on both nodes at that moment. */
  function shotOf(key: string, shot: Shot, given: Parties): Try {
    const [method = '', pattern = ''] = key.split(' ')
    const isRoot = ROUTES.some(({ path, root }) => path === pattern && root !== undefined)
    const path = `${isRoot ? '' : '/auth'}${shot.path?.(given) ?? pattern}`
    const held = shot.as && shot.as !== 'service' ? given.own.sessions[0] : undefined
    const headers = shot.as === 'service' ? given.program : shot.headers?.(given)
    const form = shot.form && new URLSearchParams(shot.form(given))
    async function run(): Promise<Outcome> {
      const outcome = await send(auth, key, { method, path, held, headers, body: form ?? shot.body?.(given) })
      if (outcome.status >= 300) return outcome
      const ended = (shot.ends?.(given) ?? []).filter((one) => one !== undefined)
      const asked = nodes.flatMap((node) => ended.map((one) => ask(node, one).run()))
      const alive = (await Promise.all(asked)).filter(({ status }) => status < 300)
      return { ...outcome, flaws: [...outcome.flaws, ...alive.map(() => 'granted, and what it ended lives')] }
    }
    return { what: key, run }
  }

  async function fire(tries: readonly Try[]): Promise<readonly Outcome[]> {
    const outcomes = tries.map(({ what }): Outcome => ({ what, status: 0, code: null, calls: NO_CALLS, flaws: [] }))
    let open = tries.length
    for (const [i, { what, run }] of tries.entries()) {
      run()
        .then(
          (outcome) => {
            outcomes[i] = { ...outcome, what }
          },
          (fault: unknown) => {
            outcomes[i] = { what, status: 0, code: null, calls: NO_CALLS, flaws: [`threw ${String(fault)}`] }
          },
        )
        .finally(() => {
          open -= 1
        })
    }
    await clock.advance(0)
    for (let waited = 0; open > 0 && waited < PATIENCE_MS; waited += STEP_MS) await clock.advance(STEP_MS)
    // What comes later is not taken for an answer.
    return [...outcomes]
  }

  const shots: Try[] = []
  for (const { method, path } of ROUTES) {
    const key = `${method} ${path}`
    const shot = SHOTS[key]
    if (shot === undefined) throw new Error(`there is no request for ${key}: add one to shots.ts`)
    if (!wanted(key)) continue
    const [cold, warm] = [await parties(store, record, now, shot), await parties(store, record, now, shot)]
    const access = warm.pair ? [warm.pair.access] : []
    const known = await fire([...warm.own.sessions, ...warm.other.sessions, ...access].map((one) => ask(auth, one)))
    if (known.some(({ status }) => status !== 200)) throw new Error(`who asks for ${key} is not let in`)
    shots.push(shotOf(key, shot, cold), shotOf(key, shot, warm))
  }

  const witness = first(await newcomer(['member']))
  await fire([ask(auth, witness)])
  const attacks = await attackers(base, newcomer, { ask, signIn, fire, send })
  return { ...base, faulty: failing, witness, shots, attacks, fire, ask, signIn }
}

type Means = Pick<Stage, 'ask' | 'fire'> & {
  signIn(person: Person, password?: string): Try
  send(node: Auth, what: string, sending: Sending): Promise<Outcome>
}

/** Everyone who may not come in: strangers, those whose session is over or whose account is locked, those who may less. */
async function attackers(
  { auth, nodes, patiently, clock, store }: House,
  newcomer: (roles: readonly string[], authenticatedAt?: number) => Promise<Person>,
  { ask, signIn, fire, send }: Means,
): Promise<readonly Try[]> {
  const member = ['member']
  const over = [await newcomer(member), await newcomer(member)] as const
  const locked = [await newcomer(member), await newcomer(member)] as const
  const stale = first(await newcomer(['admin'], clock.now() - 2 * DAY_MS))
  const plain = first(await newcomer(member))
  const target = await newcomer(member)
  // One of each kind is in memory when it ends, the other is not.
  await fire([plain, stale, first(over[0]), first(locked[0])].map((one) => ask(auth, one)))
  for (const person of over) await patiently(auth.end(first(person).sid))
  for (const { id } of locked) await patiently(auth.lock(id))

  const unknown = { token: 'A'.repeat(64), sid: '', owner: target }
  const shutOut = [unknown, ...over.map(first), ...locked.map(first)]
  const attack = (line: string, held?: Held, body?: unknown, headers?: Sending['headers']): Try => {
    const [method = '', path = ''] = line.split(' ')
    return { what: `attack: ${line}`, run: () => send(auth, `attack: ${line}`, { method, path, held, headers, body }) }
  }
  const programs = [
    undefined,
    { authorization: basic('C'.repeat(22), 'D'.repeat(43)) },
    { authorization: `${(await programOf(store, clock.now())).authorization.slice(0, -8)}AAAAAAA=` },
  ]
  const someone = `/auth/admin/users/${target.id}`
  return [
    ...[undefined, ...shutOut].flatMap((held) => [
      attack('GET /auth/session', held),
      attack('GET /auth/session/events', held),
      attack('POST /auth/session/renew', held),
      attack('DELETE /auth/user', held),
      attack('GET /auth/admin/users', held),
      attack('POST /auth/reauthenticate', held, { password: PASSWORD }),
    ]),
    ...[
      ...shutOut.map((held) => ask(nodes[1] as Auth, held)),
      signIn(target, 'not the password of anybody'),
      ...locked.map((person) => signIn(person)),
    ].map(({ what, run }) => ({ what: `attack: ${what}`, run })),
    ...programs.flatMap((program) =>
      ['POST /auth/introspect', 'POST /auth/revoke'].map((line) =>
        attack(line, undefined, new URLSearchParams({ token: first(target).token }), program),
      ),
    ),
    attack('POST /auth/refresh', undefined, { refreshToken: 'E'.repeat(76) }),
    attack('POST /auth/password/reset', undefined, { token: 'B'.repeat(32), newPassword: PASSWORD }),
    attack('GET /auth/admin/users', plain),
    attack('GET /auth/admin/audit', plain),
    attack(`PATCH /auth/admin/users/${plain.owner.id}`, plain, { roles: ['admin'] }),
    attack(`DELETE ${someone}`, plain),
    attack(`DELETE ${someone}`, stale),
    attack(`PATCH ${someone}`, stale, { status: 'locked' }),
    attack('DELETE /auth/sessions?scope=all', stale),
  ]
}

function credentialOf({ token }: Held): Readonly<Record<string, string>> {
  return token.includes('.') ? { authorization: `Bearer ${token}` } : { cookie: `__Host-sid=${token}` }
}

function first(person: Person): Held {
  return person.sessions[0] as Held
}

/** Refusals are problems of the catalogue, set no cookie, and tell of a fault nothing but that there was one. */
function judged(response: Response, text: string): Pick<Outcome, 'code' | 'flaws'> {
  const { status, headers } = response
  const flaws: string[] = []
  if (text.includes(INNER) || JSON.stringify([...headers]).includes(INNER)) flaws.push('tells of the inside')
  if (headers.get('location')?.includes('/sign-in')) flaws.push('sends somebody to sign in who is signed in')
  if (text === '{"active":false}') flaws.push('takes a good token for none')
  if (status < 400) return { code: null, flaws }
  if (headers.getSetCookie().length > 0) flaws.push('a refusal sets a cookie')
  // Readiness is no refusal: it names the parts.
  if (text.startsWith('{"status":"unavailable"')) return { code: 'unavailable', flaws }
  const problem = JSON.parse(text) as Record<string, unknown>
  const code = String(problem.code)
  if (!Object.hasOwn(CODES, code) || CODES[code as keyof typeof CODES][0] !== status) flaws.push(`code ${code}`)
  const members = Object.keys(problem).sort().join()
  if (status >= 500 && members !== 'code,requestId,status,title,type') flaws.push(`members ${members}`)
  return { code, flaws }
}
