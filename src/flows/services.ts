import type { RequestContext } from '../carrier.ts'
import type { Clock } from '../clock.ts'
import { equal, randomText, sha256 } from '../crypto.ts'
import { ok, type Result, refused } from '../result.ts'
import type { Service, Services } from '../service.ts'
import { isBasic, readBasic } from '../wire/basic.ts'
import { readBearer } from '../wire/bearer.ts'
import { safeText } from '../wire/text.ts'
import type { Guesses } from './guesses.ts'
import { nameRefusal } from './new-user.ts'
import type { Recorder } from './recorder.ts'

/** What may be known of a service. `createdAt` is in milliseconds since the epoch. */
export type ServiceInfo = Pick<Service, 'id' | 'name' | 'createdAt'>

/** A service with its secret: the only time it is seen. */
export type CreatedService = ServiceInfo & { readonly secret: string }

type ServiceOptions = {
  readonly services: Services
  readonly clock: Clock
  readonly recorder: Recorder
  readonly guesses: Guesses
}

const ID = /^[A-Za-z0-9_-]{22}$/
const SECRET = /^[A-Za-z0-9_-]{43}$/

/** Of nothing: what a secret is compared with when there is no such service, so that both take the same steps. */
const NOBODY = '0'.repeat(64)

/** Credentials that were good, remembered at most. */
const MAX_REMEMBERED = 1000

const ANONYMOUS = refused({ code: 'unauthenticated' })
const REJECTED = refused({ code: 'unauthenticated', presented: true })

/**
 * The programs that may ask about tokens and revoke them. A secret is 32 random bytes and shown once; what is kept is its
 * digest. Each question is answered by a read of the store, so one that was removed is nobody from that moment on, everywhere.
 */
export function services({ services: store, clock, recorder, guesses }: ServiceOptions) {
  /** Digests of credentials that were good: whoever guesses from the same address does not shut a service out. */
  const remembered = new Set<string>()

  function remember(credential: string): void {
    remembered.delete(credential)
    remembered.add(credential)
    if (remembered.size > MAX_REMEMBERED) remembered.delete(remembered.values().next().value as string)
  }

  function rejected(reason: string, context: RequestContext, service?: string): typeof REJECTED {
    const now = clock.now()
    const so = guesses.miss(context.source, now)
    const happening = { outcome: 'failure', reason, ...(service !== undefined && { data: { service } }) } as const
    // As with forged tokens: each is told, but not so many that whoever sends them writes the log full.
    if (so === 'few') recorder.record({ type: 'service.rejected', ...happening }, context, now)
    else if (so === 'limit') recorder.record({ type: 'token.guessing', ...happening }, context, now)
    return REJECTED
  }

  return {
    /** Makes a service. What is answered is all that will ever be known of its secret. */
    async create(given: string, context: RequestContext, actor: string | null): Promise<Result<CreatedService>> {
      const name = given.normalize('NFC').trim()
      const wrong = name === '' ? NAMELESS : nameRefusal(name)
      if (wrong) return refused(wrong)
      const now = clock.now()
      const [id, secret] = [newId(), randomText(32)]
      const added = await store.add({ id, name, digest: sha256(secret), createdAt: now })
      if (!added) return refused({ code: 'conflict' })
      recorder.record(
        { type: 'service.created', actor, data: { service: id, name: safeText(name, 200) } },
        context,
        now,
      )
      return ok({ id, name, createdAt: now, secret })
    },

    /** Oldest first. */
    async list(): Promise<readonly ServiceInfo[]> {
      return (await store.list()).map(infoOf)
    },

    /** From when this returns its credentials are nobody's, on every node. */
    async remove(id: string, context: RequestContext, actor: string | null): Promise<Result<null>> {
      if (!(await store.remove(id))) return refused({ code: 'not_found' })
      recorder.record({ type: 'service.removed', actor, data: { service: id } }, context, clock.now())
      return ok(null)
    },

    /**
     * Which service an `Authorization` header belongs to: `Basic` with id and secret (RFC 6749 section 2.3.1), or `Bearer`
     * with both joined by a dot. Strangers hear one and the same, whatever was wrong; each attempt counts as a guess.
     * @throws StoreUnavailable when the store does not say.
     */
    async authenticate(header: string | null | undefined, context: RequestContext): Promise<Result<ServiceInfo>> {
      if (header === null || header === undefined) return ANONYMOUS
      const presented = credentialOf(header)
      if (presented === null) return rejected('malformed', context)
      const { id, secret } = presented
      const digest = sha256(secret)
      const credential = `${id}.${digest}`
      if (guesses.blocked(context.source, clock.now()) && !remembered.has(credential)) {
        return refused({ code: 'throttled', retryAfter: guesses.retryAfter })
      }
      const service = await store.find(id)
      const fits = equal(digest, service?.digest ?? NOBODY)
      if (service && fits) {
        remember(credential)
        return ok(infoOf(service))
      }
      remembered.delete(credential)
      return service ? rejected('wrong_secret', context, id) : rejected('unknown_service', context)
    },
  }
}

export type ServiceDesk = ReturnType<typeof services>

const NAMELESS = {
  code: 'invalid_request',
  errors: [{ path: 'name', code: 'required', detail: 'Write a name that says which program it is' }],
} as const

/** Not one that begins with a dash: it is typed on command lines, where that is an option. */
function newId(): string {
  const id = randomText(16)
  return id.startsWith('-') ? newId() : id
}

function infoOf({ id, name, createdAt }: Service): ServiceInfo {
  return { id, name, createdAt }
}

/** What has not the form of both is asked of nobody. */
function credentialOf(header: string): { readonly id: string; readonly secret: string } | null {
  const pair = isBasic(header) ? readBasic(header) : readToken(header)
  return pair.found === 'one' && ID.test(pair.id) && SECRET.test(pair.secret) ? pair : null
}

function readToken(header: string): ReturnType<typeof readBasic> {
  const bearer = readBearer(header)
  const parts = bearer.found === 'one' ? bearer.token.split('.', 3) : []
  const [id, secret, more] = parts
  if (id === undefined || secret === undefined || more !== undefined) return { found: 'bad' }
  return { found: 'one', id, secret }
}
