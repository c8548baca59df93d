import type { Setting } from '../auth.ts'
import type { Carrier, RequestContext } from '../carrier.ts'
import type { Form } from '../wire/form.ts'
import { returnTarget } from '../wire/return-target.ts'
import type { Language } from './languages.ts'

/** What a page is told of the request for it. */
export type Visit = {
  /** The prefix the pages are served under here: empty, or the base path. Links and forms stay under it. */
  readonly at: string
  /** Of the page, below that: `/sign-in`. */
  readonly path: string
  readonly query: URLSearchParams
  readonly carrier: Carrier
  readonly context: RequestContext
  /** What it is answered in. */
  readonly language: Language
  /** The prefix under which browsers send refresh tokens along, if pages are served there too. */
  readonly refreshing: string | null
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
  return address(visit, path, kept === null ? {} : { return: kept })
}

/** The address of a page, below where this one is. */
export function address({ at }: Pick<Visit, 'at'>, path: string, query: Readonly<Record<string, string>> = {}): string {
  const all = String(new URLSearchParams(query))
  return `${at}${path}${all === '' ? '' : `?${all}`}`
}

/** The address of this very page. */
export function own({ at, path, query }: Visit): string {
  return `${at}${path}${query.size === 0 ? '' : `?${query}`}`
}
