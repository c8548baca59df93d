import type { Credential } from '../credential.ts'
import type { MacKey } from '../crypto.ts'
import { StoreUnavailable } from '../errors.ts'
import type { PasswordOptions } from '../options/guessing.ts'
import { needs } from '../peer.ts'
import { ok, type Result } from '../result.ts'
import type { Credentials } from '../store.ts'
import type { UserId } from '../user.ts'
import { algorithmOf } from './password/algorithms.ts'
import { ready } from './password/argon2-threads.ts'
import { hashing, hashPassword, needsUpgrade, type Verdict, verifyPassword } from './password/hash.ts'
import { type HashingPool, hashingPool, type PoolLoad } from './password/pool.ts'
import { passwordText } from './password/text.ts'

export { BCRYPT_PACKAGE } from './password/bcrypt.ts'
export { type BreachCheck, breachCheck } from './password/breached.ts'
export type { PoolLoad } from './password/pool.ts'
export { minimumLength, passwordRules } from './password/rules.ts'

/**
 * How a check went. Only `good` lets anyone in. Why not is for the log; whoever asked hears the same of all of them.
 * `credential` is the one that was judged, as it stands after an upgrade.
 */
export type Checked =
  | { readonly good: true; readonly disabled: false; readonly credential: Credential; readonly upgraded: boolean }
  | {
      readonly good: false
      readonly disabled: boolean
      readonly why: Exclude<Verdict, 'good'> | 'disabled'
      readonly credential: Credential | null
      readonly upgraded: false
    }

/**
 * Passwords as a credential. Whatever computes a hash may be refused with `overloaded`, and whatever takes a password
 * with `password_too_long` or `invalid_request` (no Unicode text); nothing was computed or written then.
 */
export interface Passwords {
  /** The record of a new password, to be `put`. Whether the password is a good choice is for `passwordRules` to say first. */
  prepare(password: string): Promise<Result<string>>
  /**
   * Adds the record, or replaces the one there is and enables it. With `expected`, the version the caller judged by,
   * only if that is still the one: false when it is not, and nothing is changed. 0: only if there is none.
   * @throws StoreUnavailable when others kept replacing it meanwhile.
   */
  put(userId: UserId, record: string, now: number, expected?: number): Promise<boolean>
  /** The version of the record, to be `expected`; 0 when there is none. */
  version(userId: UserId): Promise<number>
  /** `prepare` and `put`. */
  set(userId: UserId, password: string, now: number): Promise<Result<null>>
  /**
   * Whether this is the user's password; null asks on behalf of a stranger, who gave the name. One read and one verification are done for
   * everyone, known or not, disabled or not (TH-08): to refuse a locked user, ask too and ignore the answer. A good
   * password whose record is not up to date is hashed anew (PW-12); if that cannot be done now, another time will do.
   *
   * The caller reads the user's generation first: a session opened by this answer must not outlive a change of the
   * password that comes in between.
   */
  check(userId: UserId | null, password: string, now: number, name?: string): Promise<Result<Checked>>
  /** Loads what hashes. @throws ConfigurationError when what is imported takes a package that is not installed */
  ready(): Promise<void>
  /** Nobody gets in with it any more until it is replaced (TH-01). */
  disable(userId: UserId, now: number): Promise<void>
  load(): PoolLoad
}

const KIND = 'password'
const ONLY = ''

/** Sixteen zero bytes: has the form of a user's id and never is one, so that strangers cost a read too. */
const NOBODY = 'AAAAAAAAAAAAAAAAAAAAAA' as UserId

/** Losing the race for one record so often is not chance. */
const ATTEMPTS = 8

/** @throws ConfigurationError when the options are unsafe or contradict themselves. */
export function passwords(given: {
  readonly credentials: Credentials
  readonly options: PasswordOptions
  /** Shared with others that hash; an own one by default. */
  readonly pool?: HashingPool
  /** Draws what strangers are measured by; see `hashing`. */
  readonly key?: MacKey
}): Passwords {
  const { credentials, options } = given
  const current = hashing(options, given.key)
  const pool = given.pool ?? hashingPool(options)

  const prepare: Passwords['prepare'] = async (password) => {
    const text = passwordText(password)
    return text.ok ? pool.run(() => hashPassword(text.value, current)) : text
  }

  const versionOf = async (userId: UserId) => (await credentials.find(userId, KIND, ONLY))?.version ?? 0

  const put: Passwords['put'] = async (userId, record, now, expected) => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const version = expected ?? (await versionOf(userId))
      const done =
        version === 0
          ? await credentials.add(newCredential(userId, record, now))
          : await credentials.replace(userId, KIND, ONLY, version, record, now)
      if (done || expected !== undefined) return done
    }
    throw new StoreUnavailable('a password could not be stored: its record kept changing')
  }

  return {
    prepare,
    put,
    version: versionOf,
    async set(userId, password, now) {
      const record = await prepare(password)
      if (!record.ok) return record
      await put(userId, record.value, now)
      return ok(null)
    },
    async check(userId, password, now, name) {
      const text = passwordText(password)
      if (!text.ok) return text
      const found = await credentials.find(userId ?? NOBODY, KIND, ONLY)
      const credential = userId === null ? null : found
      const verdict = await pool.run(() => verifyPassword(credential?.record ?? null, text.value, current, name))
      if (!verdict.ok) return verdict
      const checked = judged(credential, verdict.value)
      if (!checked.good || !needsUpgrade(checked.credential.record, current)) return ok(checked)
      const record = await pool.run(() => hashPassword(text.value, current)).catch(() => null)
      return ok(record?.ok ? await upgraded(credentials, checked.credential, record.value, now) : checked)
    },
    async ready() {
      await ready()
      for (const kind of options.imported ?? []) {
        const algorithm = algorithmOf(kind)
        if (!algorithm || algorithm.needs === null || (await algorithm.isThere())) continue
        throw needs(`password.imported has '${kind}', which`, algorithm.needs)
      }
    },
    disable: (userId, now) => credentials.disable(userId, KIND, ONLY, now),
    load: pool.load,
  }
}

function newCredential(userId: UserId, record: string, now: number): Credential {
  return { userId, kind: KIND, id: ONLY, record, version: 1, createdAt: now, updatedAt: now, disabledAt: null }
}

function judged(credential: Credential | null, verdict: Verdict): Checked {
  if (credential && credential.disabledAt !== null) {
    return { good: false, disabled: true, why: 'disabled', credential, upgraded: false }
  }
  if (credential && verdict === 'good') return { good: true, disabled: false, credential, upgraded: false }
  return { good: false, disabled: false, why: verdict === 'good' ? 'absent' : verdict, credential, upgraded: false }
}

/**
 * The good check after its record was written anew. Whoever replaced the password meanwhile wins. A write that fails
 * keeps nobody out: the old record is as good as it was.
 */
async function upgraded(
  credentials: Credentials,
  credential: Credential,
  record: string,
  now: number,
): Promise<Checked> {
  const { userId, version } = credential
  const written = await credentials.replace(userId, KIND, ONLY, version, record, now).catch(() => false)
  if (!written) return { good: true, disabled: false, credential, upgraded: false }
  const next = { ...credential, record, version: version + 1, updatedAt: now }
  return { good: true, disabled: false, credential: next, upgraded: true }
}
