import type { Auth } from '../auth.ts'
import type { Carrier, RequestContext } from '../carrier.ts'
import { role } from '../guard.ts'
import { ok, type Result } from '../result.ts'
import type { Page } from '../store.ts'
import { type Columns, csvAnswer, wantsCsv } from './csv.ts'
import { type Answer, answer } from './route.ts'

/** Items that are asked for at once for a table of all pages. */
const EXPORT_LIMIT = 200

type Asked = {
  readonly query: { readonly cursor?: string | undefined; readonly limit: number }
  readonly carrier: Carrier
  readonly context: RequestContext
}

/** What a list of the administration is made of: `page` answers items as they are shown. */
type Listing<T> = {
  readonly name: string
  readonly columns: Columns<T>
  page(cursor: string | null, limit: number): Promise<Page<T>>
}

/** One page as JSON, or all from there on as CSV, whatever was asked for. */
export async function listed<T>(
  auth: Auth,
  { query, carrier, context }: Asked,
  { name, columns, page }: Listing<T>,
): Promise<Result<Answer>> {
  const from = query.cursor ?? null
  if (!wantsCsv(carrier)) {
    const { items, nextCursor } = await page(from, query.limit)
    const total = from === null && nextCursor === null ? { total: items.length } : {}
    return answer(200, { items, nextCursor, ...total })
  }
  const next = async (cursor: string) => {
    const allowed = await stillAllowed(auth, carrier, context)
    return allowed.ok ? ok(await page(cursor, EXPORT_LIMIT)) : allowed
  }
  return answer(200, undefined, csvAnswer(name, columns, await page(from, EXPORT_LIMIT), next))
}

/** An answer that takes minutes ends with the right to it (P1). */
async function stillAllowed(auth: Auth, carrier: Carrier, context: RequestContext): Promise<Result<null>> {
  const found = await auth.authenticate(carrier, { ...context, passive: true })
  return found.ok ? auth.guard(found.value, [role('admin', 'auditor')], context) : found
}
