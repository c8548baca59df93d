import { join } from 'node:path'
import { systemClock } from '../../../src/clock.ts'
import { passwords } from '../../../src/credentials/password.ts'
import { randomText, sha256 } from '../../../src/crypto.ts'
import type { SessionId, SessionRecord } from '../../../src/session.ts'
import { sqlite } from '../../../src/sqlite.ts'
import type { Store } from '../../../src/store.ts'
import { sampleSession, sampleUser } from '../../../src/testing/samples.ts'
import { emailKey, type UserId } from '../../../src/user.ts'
import { sessionToken } from '../../../src/wire/token.ts'
import { must, PASSWORD } from '../../support/house.ts'

export { PASSWORD } from '../../support/house.ts'

/** A session in the store, and the token its owner holds. */
export type Held = { readonly token: string; readonly sid: string; readonly owner: Person }

export type Person = { readonly id: UserId; readonly email: string; readonly sessions: Held[] }

export type Population = { readonly people: readonly Person[]; readonly held: readonly Held[] }

/** The database of a data folder. */
export function databaseOf(data: string): string {
  return join(data, 'sallyport.db')
}

/** Opens the database beside whoever uses it, for as long as `run` takes. */
export async function withStore<T>(data: string, run: (store: Store) => Promise<T>): Promise<T> {
  const store = sqlite(databaseOf(data))
  await store.users.source.open()
  try {
    return await run(store)
  } finally {
    await store.users.source.close()
  }
}

/** A record of `PASSWORD`. */
export async function passwordRecord(store: Store): Promise<string> {
  return must(await passwords({ credentials: store.credentials, options: {} }).prepare(PASSWORD))
}

/**
 * Users who are signed in, written through the ports of the store: everyone has the same password, so that only one
 * record of it has to be computed.
 */
export function populate(
  data: string,
  given: { readonly users: number; readonly sessionsEach: number; readonly roles?: readonly string[] },
): Promise<Population> {
  return withStore(data, async (store) => {
    const record = await passwordRecord(store)
    const now = systemClock.now()
    const { users, sessionsEach: sessions, roles = ['member'] } = given
    const people = await Promise.all(
      Array.from({ length: users }, () => admit(store, { record, now, sessions, roles })),
    )
    return { people, held: people.flatMap((person) => person.sessions) }
  })
}

/** One user with open sessions that were begun at `now`. */
export async function admit(
  store: Store,
  given: {
    readonly record: string
    readonly now: number
    readonly sessions: number
    readonly roles: readonly string[]
    /** How the sessions differ from others. */
    readonly session?: Partial<SessionRecord>
  },
): Promise<Person> {
  const { record, now, roles, session = {} } = given
  const id = randomText(16) as UserId
  const person: Person = { id, email: `user-${id.toLowerCase()}@example.com`, sessions: [] }
  await store.users.create(
    sampleUser('x', { id, email: person.email, name: '', roles, createdAt: now }),
    emailKey(person.email),
  )
  await store.credentials.add({
    ...{ userId: id, kind: 'password', id: '', record, version: 1 },
    ...{ createdAt: now, updatedAt: now, disabledAt: null },
  })
  for (let i = 0; i < given.sessions; i += 1) {
    const sid = randomText(16) as SessionId
    const token = sessionToken(sid)
    const own = { id: sid, userId: id, createdAt: now, digest: sha256(token) }
    await store.sessions.start(sampleSession('x', { ...session, ...own }), null, now)
    person.sessions.push({ token, sid, owner: person })
  }
  return person
}
