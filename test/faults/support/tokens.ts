import { generateKey, macKey, randomText, type SigningKey, sha256 } from '../../../src/crypto.ts'
import { sealedKeys } from '../../../src/flows/sealed-keys.ts'
import { turnOf } from '../../../src/keyring.ts'
import type { SessionId, SessionRecord } from '../../../src/session.ts'
import type { Store } from '../../../src/store.ts'
import { sampleSession } from '../../../src/testing/samples.ts'
import { refreshTokens } from '../../../src/tokens/refresh.ts'
import { BASE, SECRET } from '../../support/house.ts'
import { token } from '../../support/signed.ts'
import type { Held, Person } from './people.ts'

const DAY_SECONDS = 86_400

/** Tokens of one session that refreshes, and the key of their own that the access token was signed by. */
export type Pair = { readonly access: Held; readonly refresh: string; readonly kid: string }

/** What a program shows that may ask about tokens. */
export type Program = { readonly authorization: string }

/** A session of `hybrid`, whose tokens were handed out a minute ago, so that the next refresh is the next turn. */
export async function pairOf(store: Store, owner: Person, now: number, session: Partial<SessionRecord>): Promise<Pair> {
  const key = await keptKey(store, now)
  const sid = randomText(16) as SessionId
  const seed = sha256(randomText(32))
  const own = { strategy: 'hybrid', id: sid, userId: owner.id, createdAt: now, rotatedAt: now - 60_000, digest: seed }
  const record = sampleSession('x', { ...session, ...own })
  await store.sessions.start(record, null, now)
  const seconds = Math.floor(now / 1000)
  const access = token(key, {
    ...{ iss: BASE, aud: BASE, sub: owner.id, sid, iat: seconds, exp: seconds + 4 * DAY_SECONDS, jti: randomText(16) },
    ...{ auth_time: seconds, aat: record.authenticatedAt, ver: 1, gen: record.generation, all: record.everyone },
    epo: await store.sessions.source.feed.epoch(),
  })
  const refresh = refreshTokens([macKey(SECRET, 'refresh')]).make(sid, record.counter, seed)
  return { access: { token: access, sid, owner }, refresh, kid: key.kid }
}

/** A key that is published as the next one. */
async function keptKey(store: Store, now: number): Promise<SigningKey> {
  const records = await store.keys.list()
  const key = await generateKey('HS256')
  const sealed = sealedKeys([SECRET], () => {}).seal(key)
  const turn = turnOf(records, now, { publish: 3_600_000 })
  const newest = records.findLast(({ removedAt }) => removedAt === null)?.kid ?? null
  const { value } = await store.keys.add({ kid: key.kid, alg: key.alg, ...turn, sealed, removedAt: null }, newest)
  if (value === null) throw new Error('the key was not added')
  return key
}

export async function programOf(store: Store, now: number): Promise<Program> {
  const [id, secret] = [randomText(16), randomText(32)]
  await store.services.add({ id, name: 'a program', digest: sha256(secret), createdAt: now })
  return { authorization: basic(id, secret) }
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}
