import type { Auth } from '../auth.ts'
import { type Authenticated, fresh, type Guard, role } from '../guard.ts'
import { ok, type Result } from '../result.ts'
import type { Arrival } from './arrival.ts'
import type { Access, Route } from './route.ts'

const ROLES = {
  public: [],
  'signed-in': [],
  admin: [role('admin')],
  auditor: [role('admin', 'auditor')],
} as const satisfies Record<Access, readonly Guard[]>

/** Who is calling, and whether that is enough for this row. Null where nobody is asked for. */
export async function admitted(
  auth: Auth,
  route: Route,
  { request, context }: Arrival,
): Promise<Result<Authenticated | null>> {
  if (route.access === 'public') return ok(null)
  const { passive = false, renewing = false } = route
  const found = await auth.authenticate(request.headers, { ...context, passive, renewing })
  if (!found.ok) return found
  const guards: readonly Guard[] = [...ROLES[route.access], ...(route.fresh ? [fresh(auth.setting.fresh)] : [])]
  const allowed = auth.guard(found.value, guards, context)
  return allowed.ok ? found : allowed
}
