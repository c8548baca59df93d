import { type Auth, createAuth, hybrid, jwt, session } from '../../../src/index.ts'
import { must, PASSWORD } from '../../support/house.ts'
import { inParallel } from '../support/client.ts'
import { type Databases, storeOf } from './store.ts'

export { PASSWORD } from '../../support/house.ts'

const STRATEGIES = { session: session(), hybrid: hybrid(), jwt: jwt() } as const

export type Kind = keyof typeof STRATEGIES

const KINDS = Object.keys(STRATEGIES) as readonly Kind[]

export type Tokens = { readonly accessToken: string; readonly refreshToken?: string }

export type Person = {
  readonly id: string
  readonly email: string
  /** Where they are: everybody has an address of their own. */
  readonly ip: string
  readonly held: Held[]
}

/** A session, and what is known of it. Times are of the clock of the test. */
export type Held = {
  readonly kind: Kind
  readonly owner: Person
  readonly sid: string
  token: string
  /** Of `hybrid`. */
  refresh: string | null
  /** When somebody first asked for its end. */
  asked: number
  /** When it was first answered that it is over. */
  settled: number
}

export const USER_AGENT = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'

const BASE = 'http://localhost'

/** Sign-ins at the same time. */
const WIDTH = 8

/** Takes down a session that was begun. */
export function hold(
  kind: Kind,
  owner: Person,
  { session, tokens }: { readonly session: string | null; readonly tokens: Tokens | null },
): Held {
  if (session === null || tokens === null) throw new Error('a session was begun, and nobody was told of it')
  const never = Number.POSITIVE_INFINITY
  const { accessToken, refreshToken = null } = tokens
  const held: Held = {
    ...{ kind, owner, sid: session, token: accessToken, refresh: refreshToken },
    ...{ asked: never, settled: never },
  }
  owner.held.push(held)
  return held
}

export type Population = {
  readonly people: readonly Person[]
  /** A session of an administrator. */
  readonly admin: Held
}

let count = 0

/** New users who are signed in once by each strategy, and an administrator. */
export async function populate(databases: Databases, secret: string, users: number): Promise<Population> {
  const doors = KINDS.map((kind) => {
    const store = storeOf(databases, 3)
    return { kind, auth: createAuth({ store, strategy: STRATEGIES[kind], baseUrl: BASE, secret }) }
  })
  try {
    for (const { auth } of doors) await auth.ready()
    const admitted = Array.from({ length: users + 1 }, (_, i) => (i === 0 ? 'admin' : 'member'))
    const [admin, ...people] = await inParallel(admitted, WIDTH, (role) => admit(doors, role))
    return { people, admin: admin?.held[0] as Held }
  } finally {
    await Promise.all(doors.map(({ auth }) => auth.close()))
  }
}

async function admit(doors: readonly { readonly kind: Kind; readonly auth: Auth }[], role: string): Promise<Person> {
  count += 1
  const ip = `10.${(count >> 16) & 255}.${(count >> 8) & 255}.${count & 255}`
  const email = `user-${count}@example.com`
  const context = { source: ip, userAgent: USER_AGENT }
  const [first] = doors as [(typeof doors)[number]]
  const { id } = must(await first.auth.users.create({ email, password: PASSWORD, roles: [role] }, context))
  const person: Person = { id, email, ip, held: [] }
  for (const { kind, auth } of doors) {
    const done = must(await auth.signIn({ email, password: PASSWORD, transport: 'bearer' }, context))
    if (!('carried' in done)) throw new Error('the password is good for nothing but to be changed')
    hold(kind, person, { session: done.session.id, tokens: done.carried.tokens ?? null })
  }
  return person
}
