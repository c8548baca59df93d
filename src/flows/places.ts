import type { RequestContext } from '../carrier.ts'
import type { Device, Session } from '../session.ts'
import type { Use } from '../view/view.ts'
import { device } from '../wire/device.ts'

/** Where a request comes from, as far as sessions are told apart by it. */
export type From = { readonly ip: string; readonly device: Device }

/** Where one session goes on, the latest last, and from where its owner has to prove themselves first. Never without the former. */
export type Whereabouts = { readonly known: readonly From[]; readonly waiting: readonly From[] }

/** `authenticatedAt`: which run of the session it was asked in. */
type Kept = Whereabouts & { readonly authenticatedAt: number }

/** Sessions remembered at once: of those that are used where they began, only the ones without a record. */
const MAX_KEPT = 10_000

/** Places remembered of one session, of each kind. */
const MAX_EACH = 8

/**
 * Where sessions are used from (SL-10). A place waits until the owner has re-authenticated from there, and then is one of the
 * session's; what was asked before they did so anywhere else concerns a token that is over, and is asked anew.
 *
 * This is in the memory of one process, and bounded. Of several nodes each asks for itself: whoever moved may have to
 * prove themselves once to each that they come to, and a session without a record begins, on each node, where it is first seen
 * there. A node that forgot, because it began anew or remembers too many, asks again; a session without a record
 * may begin there once more. Where that is too little, keep a session with one node, or let the hook decide by what all share.
 */
export function places() {
  const kept = new Map<string, Kept>()

  function keep({ id, authenticatedAt }: Session, now: Whereabouts): void {
    kept.delete(id)
    kept.set(id, { ...now, authenticatedAt })
    if (kept.size > MAX_KEPT) kept.delete(kept.keys().next().value as string)
  }

  /** @param last where the node saw it last, which is not forgotten as long as the session is used */
  function of(session: Session, last: Use['from']): Whereabouts {
    const found = kept.get(session.id)
    if (found) return found.authenticatedAt === session.authenticatedAt ? found : { known: found.known, waiting: [] }
    const { ip, device: own } = session
    return { known: [last === null ? { ip, device: own } : fromOf(last.ip, last.userAgent)], waiting: [] }
  }

  return {
    of,

    /** Of a session whose record does not say where it began. */
    began(session: Session, here: From): void {
      if (!kept.has(session.id)) keep(session, { known: [here], waiting: [] })
    },

    /** It goes on here, and nowhere else without being asked. */
    moved(session: Session, { waiting }: Whereabouts, here: From): void {
      keep(session, { known: [here], waiting })
    },

    waits(session: Session, { known, waiting }: Whereabouts, here: From): void {
      keep(session, { known, waiting: [...waiting, here].slice(-MAX_EACH) })
    },

    /** Its owner has re-authenticated: it goes on from there too, under another id where it has no record. */
    proved(before: Session, after: Session, { source, userAgent = '' }: RequestContext): void {
      if (source === undefined) return
      const here = fromOf(source, userAgent)
      const others = of(before, null).known.filter((one) => !isSame(one, here))
      kept.delete(before.id)
      keep(after, { known: [...others, here].slice(-MAX_EACH), waiting: [] })
    },
  }
}

export type Places = ReturnType<typeof places>

export function fromOf(ip: string, userAgent: string): From {
  return { ip, device: device(userAgent) }
}

export function isAmong(places: readonly From[], here: From): boolean {
  return places.some((one) => isSame(one, here))
}

function isSame(a: From, b: From): boolean {
  const { browser, os, type } = a.device
  return a.ip === b.ip && browser === b.device.browser && os === b.device.os && type === b.device.type
}
