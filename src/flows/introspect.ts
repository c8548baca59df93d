import { deadlines } from '../policy.ts'
import { refreshTurn } from '../rotation.ts'
import type { AccessProof, Identified } from '../strategy.ts'
import type { User } from '../user.ts'
import type { Known, Verdict } from '../view/view.ts'
import { identify, subjectOf } from './authenticate.ts'
import type { Core } from './core.ts'
import { type Flaw, judge, type Rules } from './judge.ts'
import { carrying } from './presented.ts'

/**
 * What a service is told of a token (RFC 7662 section 2.2). Times are whole seconds since the epoch. Nothing in it is
 * personal but the id of the user. What is not active has no reason: expired, ended, unknown and malformed are one answer.
 */
export type Introspection = { readonly active: false } | ActiveToken

export type ActiveToken = {
  readonly active: true
  /** `Bearer`: it may be let in with. `refresh_token`: it opens nothing, and only gets the next access token here. */
  readonly token_type: 'Bearer' | 'refresh_token'
  /** Name of the strategy it travels by. */
  readonly strategy: string
  readonly iss: string
  readonly aud: string | readonly string[]
  /** Id of the user. */
  readonly sub: string
  /** Id of the session: a handle, not a credential. */
  readonly sid: string
  readonly iat: number
  /** When it is over if nothing more happens: the first of its own end and both limits of its session. */
  readonly exp: number
  /** When its owner last proved who they are. */
  readonly auth_time: number
  readonly amr: readonly string[]
  /** The user's of this moment. */
  readonly roles: readonly string[]
  readonly client_id?: string
  readonly jti?: string
  readonly scope?: string
}

type Introspecting = Pick<Core, 'clock' | 'view' | 'strategies' | 'policy'> & Rules

type Sound = Known & { readonly user: User }

/** What it was judged by, when there was no flaw. */
type Standing = Flaw | { readonly kind: 'good'; readonly known: Sound }

const INACTIVE: Introspection = { active: false }

/**
 * What a token is good for, by the same judgement that a request with it would get, and without any of its effects: it is
 * no activity, ends nothing, counts as no guess, spends no refresh token and takes none for stolen.
 *
 * One thing is taken down: that an access token was shown to somebody. Its client has it, then, which is what tells a lost
 * refresh from a stolen token, and a service that asks here instead of verifying by itself must not hide that.
 *
 * @param issuer the origin that tokens are issued by.
 * @throws StoreUnavailable when the store does not say whether it is good.
 */
export async function introspect(core: Introspecting, issuer: string, token: string): Promise<Introspection> {
  const credential = await found(core, token)
  if (credential === null) return INACTIVE
  const known = await standing(core, credential)
  return known === null ? INACTIVE : told(core, issuer, credential, known)
}

/** The token by whichever strategy it is of. */
async function found(core: Introspecting, token: string): Promise<Identified | null> {
  const carrier = carrying(token)
  if (carrier === null) return null
  const used = await identify(core, carrier, core.clock.now())
  if (used?.ok) return used.value
  for (const { refreshing } of core.strategies) {
    const rotating = refreshing?.read(carrier, token)
    if (rotating?.ok) return rotating.value
  }
  return null
}

async function standing(core: Introspecting, credential: Identified): Promise<Sound | null> {
  const { view } = core
  const judged: Verdict<Standing> = (known, asked, now) => verdict(core, credential, known, asked, now)
  // Where a refresh token stands in its line is not in the feed, so it is asked for.
  if (credential.proof === 'refresh') {
    return good(await view.ask(credential.sid, judged))
  }
  const subject = subjectOf(credential)
  const signed = credential.proof === 'access'
  const first = await view.decide(subject, judged, signed)
  if (first.kind !== 'ask') return good(first)
  return good(await view.ask(subject, judged, signed))
}

/** One step, like every verdict: what is known is true while it is judged. */
function verdict(
  core: Introspecting,
  credential: Identified,
  known: Known | null,
  fromStore: boolean,
  now: number,
): Standing {
  const flaw = judge(core, credential, known, now, { fromStore, renewing: false, proving: false })
  if (flaw !== null) return flaw
  const sound = known as Sound
  if (credential.proof === 'refresh' && refreshTurn(credential.counter, sound.rotation, now) === 'theft') return SPENT
  if (isRecorded(credential)) core.view.saw(sound.use, credential.claims.counter, now)
  return { kind: 'good', known: sound }
}

/** Refused as by a refresh, which would also take it for stolen. */
const SPENT: Flaw = { kind: 'refused', refusal: { code: 'token_reused' }, genuine: null }

function good(standing: Standing): Sound | null {
  return standing.kind === 'good' ? standing.known : null
}

/** An access token whose session has a record, in which refreshes are counted. */
function isRecorded(credential: Identified): credential is Identified<AccessProof> {
  return credential.proof === 'access' && credential.session === null
}

function told(
  { policy }: Introspecting,
  issuer: string,
  credential: Identified,
  { session: record, user, use, rotation }: Sound,
): ActiveToken {
  const claims = credential.proof === 'access' ? credential.claims : null
  const session =
    credential.proof === 'access' && credential.session !== null
      ? credential.session
      : { ...record, lastActiveAt: use.lastActiveAt }
  const limits = deadlines(policy, session, user.roles)
  const own = claims?.expiresAt ?? Number.POSITIVE_INFINITY
  const issuedAt = claims?.issuedAt ?? (credential.proof === 'refresh' ? rotation.rotatedAt : session.authenticatedAt)
  return {
    active: true,
    token_type: credential.proof === 'refresh' ? 'refresh_token' : 'Bearer',
    strategy: credential.via.strategy,
    iss: issuer,
    aud: claims === null ? issuer : audience(claims.audience),
    sub: user.id,
    sid: credential.sid,
    iat: seconds(issuedAt),
    exp: seconds(Math.min(own, limits.idleExpiresAt, limits.expiresAt)),
    auth_time: seconds(session.authenticatedAt),
    amr: session.amr,
    roles: user.roles,
    ...(claims !== null && { client_id: claims.clientId, jti: claims.jti }),
    ...(claims !== null && claims.scope !== null && { scope: claims.scope }),
  }
}

/** As the token itself writes it. */
function audience(names: readonly string[]): string | readonly string[] {
  const [only, ...more] = names
  return only !== undefined && more.length === 0 ? only : names
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000)
}
