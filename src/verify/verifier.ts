import type { Carrier } from '../carrier.ts'
import { equal } from '../crypto.ts'
import { StoreUnavailable } from '../errors.ts'
import type { Change } from '../feed.ts'
import { ok, type Refused, type Result, refused } from '../result.ts'
import type { Transport } from '../strategy.ts'
import { accessReader, TYP, type Verified } from '../tokens/access-reader.ts'
import { MALFORMED } from '../tokens/refusals.ts'
import { timeliness } from '../wire/claims.ts'
import { parseCompact } from '../wire/jws.ts'
import { readSessionToken } from '../wire/token.ts'
import { type Caller, type CallerGuard, callerOf, toldOf } from './caller.ts'
import { callers, isSame } from './callers.ts'
import { following } from './following.ts'
import { remoteKeys } from './keys.ts'
import { setting, type VerifierOptions } from './options.ts'
import { presented } from './presented.ts'
import { server } from './server.ts'
import { useReports } from './uses.ts'

/** Questions about tokens under way at once; one more is refused with 503 rather than queued behind a server in trouble. */
const MOST_QUESTIONS = 200

/** How far the clock of a server that signs may be ahead of this one, milliseconds. */
const CLOCKS_MS = 30_000

/** What a service knows of who is calling. */
export type Verifier = {
  /**
   * Who is calling? Local while this service follows the server and knows the session: then it is answered at once, without a promise
   * and without I/O. Else the server is asked, by a question sent after this call. A server that does not answer is `unavailable`
   * (503): nobody is let in on it, and nobody is signed out (P3).
   * @param carrier anything with `get` for headers: `request.headers`
   */
  authenticate(carrier: Carrier, how?: Manner): Result<Caller> | Promise<Result<Caller>>
  /** Who is calling, if the guards let them in. */
  require(carrier: Carrier, ...guards: readonly CallerGuard[]): Promise<Result<Caller>>
  /** Whether requests are decided here. While they are not, every one is asked about. */
  leased(): boolean
  /** Follows the server. Resolves with the first lease; rejects when the server does not answer, and keeps trying all the same. */
  ready(): Promise<void>
  /** Tells the last uses, and gives up lease and row, so that no ending waits for this service. */
  close(): Promise<void>
}

/** `passive`: reading who is there is no activity, as of polls and event streams. */
export type Manner = { readonly passive?: boolean }

const ANONYMOUS = refused({ code: 'unauthenticated' })
const UNAVAILABLE = refused({ code: 'unavailable', retryAfter: 1 })
const STALE = refused({ code: 'token_stale', presented: true })

type Asked = { readonly token: string; readonly transport: Transport; readonly passive: boolean }

/**
 * Decides who is calling in a service that has no access to the database: by tokens of any strategy, from memory while it holds a lease
 * of its own, and with every ending in force when it has returned (DESIGN section 5).
 * @throws ConfigurationError
 */
export function verifier(options: VerifierOptions): Verifier {
  const own = setting(options)
  const { clock, api } = own
  const ask = server(own)
  const keys = remoteKeys(ask, own)
  const known = callers<Caller>(clock, own.sessions)
  const uses = useReports(ask, api, clock, (fault) => own.onFault(fault, 'telling of uses'))
  const feeds = following(ask, own, { apply, reset })
  const read = accessReader<Verified>({ expected: own, keyOf: (kid) => keys.find(kid), made: (verified) => verified })
  let questions = 0
  let begun: Promise<void> | null = null

  function apply(change: Change): void {
    known.apply(change)
    keys.apply(change)
  }

  function reset(): void {
    known.reset()
    keys.reset()
  }

  function begin(): Promise<void> {
    begun ??= feeds.start()
    return begun
  }

  function admitted(caller: Caller, counter: number | undefined, passive: boolean): Result<Caller> {
    if (!passive) uses.saw(caller.sessionId, counter, clock.now())
    return ok(caller)
  }

  /** A token that says by itself what it is. Lease, endings and verdict are one step. */
  function signed({ claims, kid }: Verified, asked: Asked): Result<Caller> | Promise<Result<Caller>> {
    if (keys.wasRemoved(kid)) return MALFORMED
    const now = clock.now()
    switch (timeliness(claims, now, { leeway: 0, ahead: CLOCKS_MS })) {
      case 'early':
        return MALFORMED
      case 'expired':
        return claims.session === null ? STALE : refused({ code: 'session_expired_idle', presented: true })
    }
    const over = known.reasonOf(claims.sid)
    if (over !== null) return refused({ code: over, presented: true })
    if (isLocal()) {
      const kept = known.get(claims.sid)
      if (kept && kept.stamp !== null && now < kept.until && isSame(kept.stamp, claims) && keys.stands(kid)) {
        const caller = { ...callerOf(claims), via: { transport: asked.transport } }
        return admitted(caller, claims.session === null ? claims.counter : undefined, asked.passive)
      }
    }
    return question(asked, claims.sid, claims)
  }

  /** A token that says nothing, and names at most its session. */
  function opaque(asked: Asked, sid: string): Result<Caller> | Promise<Result<Caller>> {
    const over = known.reasonOf(sid)
    if (over !== null) return MALFORMED
    const kept = isLocal() ? known.get(sid) : undefined
    if (kept && kept.token !== null && equal(kept.token, asked.token) && clock.now() < kept.until) {
      return admitted({ ...kept.value, via: { transport: asked.transport } }, undefined, asked.passive)
    }
    return question(asked, sid, null)
  }

  /** Whether there is a lease, and keys of which none was removed before this service could hear of it. */
  function isLocal(): boolean {
    if (!feeds.leased()) {
      if (begun === null) begin().catch(() => {})
      return false
    }
    const since = known.settledFrom()
    if (keys.askedAt() >= since) return true
    if (clock.monotonic() >= since) keys.renew(since)
    return false
  }

  async function question(
    asked: Asked,
    sid: string | null,
    claims: Verified['claims'] | null,
  ): Promise<Result<Caller>> {
    if (questions >= MOST_QUESTIONS) return UNAVAILABLE
    questions += 1
    try {
      const askedAt = clock.monotonic()
      const form = { token: asked.token }
      const { status, body } = await ask(`${api}/introspect`, { method: 'POST', form })
      if (status !== 200) throw new StoreUnavailable(`the server answered ${status} to a question about a token`)
      const told = toldOf(body, own)
      const over = sid === null ? null : known.reasonOf(sid)
      if (told === null || over !== null || (sid !== null && told.sessionId !== sid)) return denied(asked, over)
      const facts = claims === null ? told : callerOf(claims)
      const caller: Caller = { ...facts, via: { transport: asked.transport } }
      const kept = { userId: told.userId, until: told.expiresAt, value: caller }
      if (claims !== null) known.keep(told.sessionId, { ...kept, stamp: claims, token: null }, askedAt)
      else if (sid !== null) known.keep(sid, { ...kept, stamp: null, token: asked.token }, askedAt)
      const counter = claims !== null && claims.session === null ? claims.counter : undefined
      return admitted(caller, counter, asked.passive)
    } catch (fault) {
      return failed(fault)
    } finally {
      questions -= 1
    }
  }

  /** A reason is told only to who holds what was genuine: a signature says so, an opaque text does not. */
  function denied({ token }: Asked, over: ReturnType<typeof known.reasonOf>): Refused {
    return over !== null && token.includes('.') ? refused({ code: over, presented: true }) : MALFORMED
  }

  function failed(fault: unknown): Refused {
    if (!(fault instanceof StoreUnavailable)) throw fault
    own.onFault(fault, 'asking about a token')
    return UNAVAILABLE
  }

  function authenticate(carrier: Carrier, { passive = false }: Manner = {}): Result<Caller> | Promise<Result<Caller>> {
    const found = presented(carrier, own.cookies)
    if (found === null) return ANONYMOUS
    if (!found.ok) return found
    const { token, transport } = found
    const asked: Asked = { token, transport, passive }
    if (!token.includes('.')) {
      const sid = readSessionToken(token)
      return sid === null ? MALFORMED : opaque(asked, sid)
    }
    // Encrypted ones have five parts, and are nobody's to read but the server's.
    if (token.split('.').length === 5) return question(asked, null, null)
    const access = read(token, clock.now())
    if (access instanceof Promise) return access.then((late) => judged(late, asked)).catch(failed)
    return judged(access, asked)
  }

  function judged(access: Result<Verified>, asked: Asked): Result<Caller> | Promise<Result<Caller>> {
    if (access.ok) return signed(access.value, asked)
    // A secret is shared with nobody here, so that only the server can tell.
    return parseCompact(asked.token, TYP)?.alg === 'HS256' ? question(asked, null, null) : access
  }

  return {
    authenticate,
    async require(carrier, ...guards) {
      const found = await authenticate(carrier)
      if (!found.ok) return found
      for (const guard of guards) {
        const refusal = guard(found.value, clock.now())
        if (refusal) return refused(refusal)
      }
      return found
    },
    leased: () => feeds.leased(),
    ready: begin,
    async close() {
      await uses.close()
      await feeds.stop()
    },
  }
}
