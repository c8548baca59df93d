import type { Carrier } from '../../src/carrier.ts'
import type { Carried } from '../../src/strategy.ts'
import type { User, UserId } from '../../src/user.ts'
import { holding } from '../support/house.ts'
import { recordOf } from './code.ts'
import type { Database } from './database.ts'
import type { Claim } from './oracle.ts'

/** Someone with an account. */
export type Person = {
  readonly name: string
  readonly id: UserId
  readonly email: string
  readonly passwords: {
    /** The newest that is known to be set; others are numbered higher, and may be. */
    current: number
    /** How many were tried. */
    tried: number
    /** Sessions that were opened with an older one are over. */
    claims: { readonly below: number; readonly claim: Claim }[]
  }
  /** Roles that were given: from then on everybody knows this version. */
  changed: { readonly version: number; readonly claim: Claim } | null
  /** Giving roles was begun so often, and is under way so often. */
  changes: number
  changing: number
  locked: Claim | null
  unlocking: boolean
  removed: Claim | null
  /** Endings of all they hold that are under way; what is opened before `doubtUntil` may be among what one of them ended. */
  underWay: number
  doubtUntil: number
  /** Nobody knows whether they are locked, removed, or which is their password. */
  mayBeOut: boolean
}

/** A session as its holder has it. */
export type Visit = {
  readonly name: string
  readonly person: Person
  readonly sid: string
  /** The number of the password it was opened with. */
  password: number
  readonly tokens: Token[]
  over: Claim | null
  /** An ending of it was begun. */
  inDoubt: boolean
  /** Its owner proves again who they are; or did, and nobody knows how far that came. */
  proving: boolean
}

export type Token = {
  readonly visit: Visit
  readonly carrier: Carrier
  readonly refresh: string | null
  readonly kid: string | null
  newest: boolean
  over: Claim | null
  /** The key that signed it may be removed. */
  inDoubt: boolean
  /** Roles were given since. */
  mayBeStale: boolean
}

export const passwordOf = (person: Person, number: number) => `the passphrase number ${number} of ${person.name}`

/** An account, as a sign-up would leave it. */
export async function settleIn(database: Database, index: number): Promise<Person> {
  const name = ['ann', 'ben', 'cyd'][index] as string
  const person: Person = {
    name,
    id: `${name}${'A'.repeat(22 - name.length)}` as UserId,
    email: `${name}@example.com`,
    passwords: { current: 0, tried: 0, claims: [] },
    changed: null,
    changes: 0,
    changing: 0,
    locked: null,
    unlocking: false,
    removed: null,
    underWay: 0,
    doubtUntil: 0,
    mayBeOut: false,
  }
  const { id, email } = person
  const user: User = {
    id,
    email,
    emailVerified: false,
    name,
    roles: ['member'],
    status: 'active',
    passwordChangeRequired: false,
    version: 1,
    generation: 1,
    createdAt: 1_790_000_000_000,
    fields: {},
  }
  await database.fill(({ users }) => users.create(user, email))
  const record = await recordOf(passwordOf(person, 0))
  const at = { createdAt: 1_790_000_000_000, updatedAt: 1_790_000_000_000, disabledAt: null }
  await database.fill(({ credentials }) =>
    credentials.add({ userId: id, kind: 'password', id: '', record, version: 1, ...at }),
  )
  return person
}

/** Takes over what a holder was handed; what they had before is not their newest any more. */
export function handed(visit: Visit, { tokens }: Carried): Token {
  if (!tokens) throw new Error('nothing was handed out')
  for (const before of visit.tokens) before.newest = false
  const token: Token = {
    visit,
    carrier: holding({ bearer: tokens.accessToken }),
    refresh: tokens.refreshToken ?? visit.tokens.at(-1)?.refresh ?? null,
    kid: kidOf(tokens.accessToken),
    newest: true,
    over: null,
    inDoubt: false,
    mayBeStale: false,
  }
  visit.tokens.push(token)
  return token
}

/** The key a token names, null for one that is opaque. */
function kidOf(token: string): string | null {
  if (!token.includes('.')) return null
  return JSON.parse(Buffer.from(token.split('.')[0] as string, 'base64url').toString()).kid
}

/** Everything that has returned and that this token must not survive. */
export function claims(token: Token): readonly Claim[] {
  const { visit } = token
  const { person } = visit
  const password = person.passwords.claims.find(({ below }) => visit.password < below)?.claim
  return [token.over, visit.over, person.locked, person.removed, password].filter((claim) => claim != null)
}
