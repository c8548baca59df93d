import type { Setting } from '../auth.ts'
import type { Carrier, RequestContext } from '../carrier.ts'
import type { Form } from '../wire/form.ts'
import { returnTarget } from '../wire/return-target.ts'

/** What a page is told of the request for it. */
export type Visit = {
  /** The prefix the pages are served under here: empty, or the base path. Links and forms stay under it. */
  readonly at: string
  readonly query: URLSearchParams
  readonly carrier: Carrier
  readonly context: RequestContext
}

/** The same with what was filled in. It was sent from here (`provenance.ts`). */
export type Submission = Visit & { readonly form: Form }

/** Where to go afterwards: what was asked for, if it may be (CS-10). */
export function target({ query, at }: Visit, setting: Pick<Setting, 'origins'>): string {
  return returnTarget(query.get('return'), setting.origins) ?? `${at}/`
}

/** A page's address with the return target kept, if there is a good one. */
export function withReturn(path: string, visit: Visit, setting: Pick<Setting, 'origins'>): string {
  const kept = returnTarget(visit.query.get('return'), setting.origins)
  const full = `${visit.at}${path}`
  return kept === null ? full : `${full}?${new URLSearchParams({ return: kept })}`
}
