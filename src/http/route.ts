import type { z } from 'zod'
import type { Auth } from '../auth.ts'
import type { Carrier, RequestContext } from '../carrier.ts'
import type { Code } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import { ok, type Result } from '../result.ts'
import type { JsonLimits } from '../wire/json.ts'

export type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

/** Who may come in: anyone; whoever is signed in; the role `admin`; `admin` or `auditor`; a program with credentials of its own. */
export type Access = 'public' | 'signed-in' | 'admin' | 'auditor' | 'service'

/** What a handler answers with; the pipeline makes the response of it. A body is JSON, a stream goes out as it is. */
export type Answer = {
  readonly status: number
  readonly body?: unknown
  readonly stream?: ReadableStream<Uint8Array>
  /** Whole `Set-Cookie` values. */
  readonly cookies?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
  /** About nobody and for everybody: any page may read it, and it may be kept as its headers say. */
  readonly open?: true
}

/** `'/users/{id}'` has the parameter `id`. */
type Params<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string } & Params<Rest>
  : unknown

/** A request that has passed every step, in the types its row declares. */
export type Input<A extends Access = Access, Path extends string = string, Body = unknown, Query = unknown> = {
  readonly who: A extends 'public' | 'service' ? null : Authenticated
  /** Id of the program. */
  readonly service: A extends 'service' ? string : null
  readonly params: Params<Path>
  readonly body: Body
  readonly query: Query
  /** The request's headers: for what reads credentials itself. */
  readonly carrier: Carrier
  readonly context: RequestContext
  /** Aborted when the client is gone. */
  readonly signal: AbortSignal
}

/**
 * One row of the table: everything the pipeline must know to let a request through to `handle`, and everything the
 * OpenAPI document says of it.
 */
export type Row<A extends Access, Path extends string, Body, Query> = {
  readonly method: Method
  /** Below `basePath`, or below `/` for rows marked `root`, or below both. Segments in braces are ids. */
  readonly path: Path
  readonly root?: true | 'too'
  readonly summary: string
  readonly access: A
  /** An authentication older than `fresh` is asked to be repeated (RA-01, RA-06). */
  readonly fresh?: true
  /** Does not count as activity. */
  readonly passive?: true
  /** Of a gateway, about another request: every method leads here, and what that request does is judged. */
  readonly forwarded?: true
  /** Lets in a token whose roles are out of date: the next one is what is asked for. */
  readonly renewing?: true
  /** Is let in from where `onContextChange` asked for re-authentication, as part of that. */
  readonly proving?: NonNullable<RequestContext['proving']>
  /**
   * What the answer does to the credential's cookie: sets that of a new session, replaces that of the session the request
   * came with, refreshes it, or removes it. Rows that are `public` and do none of these neither read nor set cookies; nor do
   * those for services.
   */
  readonly credential?: 'issued' | 'replaced' | 'refreshed' | 'removed'
  /**
   * The body is a form, as an RFC asks for, and not JSON. Any page can send one anywhere: for rows only that look at no cookie.
   */
  readonly form?: true
  /** What a JSON body may hold, where it is more than others may. */
  readonly limits?: JsonLimits
  /** Strict. A body that is absent is judged as `{}`; without a schema, a body may hold nothing. */
  readonly body?: z.ZodType<Body>
  /** Strict, of strings. Without a schema the query is not looked at. */
  readonly query?: z.ZodType<Query>
  /** What its handler refuses with, besides what the steps before it may say: see `refusalsOf`. */
  readonly refuses?: readonly Code[]
  /** By status; null for answers without a body, a string for another media type than JSON. */
  readonly responses: Readonly<Record<number, z.ZodType | string | null>>
  /** Its 200 is a list, and to whom asks for `text/csv` a table of all its pages: see `listed`. */
  readonly csv?: true
  handle(auth: Auth, input: Input<A, Path, Body, Query>): Result<Answer> | Promise<Result<Answer>>
}

/** A row of any types. */
export type Route = Row<Access, string, unknown, unknown>

/** Ties the types of a row's schemas to its handler. */
export function route<const A extends Access, const Path extends string, Body = unknown, Query = unknown>(
  row: Row<A, Path, Body, Query>,
): Route {
  return row as unknown as Route
}

export function answer(status: number, body?: unknown, more: Omit<Answer, 'status' | 'body'> = {}): Result<Answer> {
  return ok({ status, ...(body !== undefined && { body }), ...more })
}

export const NO_CONTENT: Result<Answer> = answer(204)
