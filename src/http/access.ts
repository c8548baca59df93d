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
} as const satisfies Record<Exclude<Access, 'service'>, readonly Guard[]>

/** Who came in: `who` is null where nobody has to be signed in, `service` is the id of a program, `actor` is how events name them. */
export type Admitted = {
  readonly who: Authenticated | null
  readonly service: string | null
  readonly actor: string | null
}

const ANYBODY = ok<Admitted>({ who: null, service: null, actor: null })

/** Who is calling, and whether that is enough for this row. */
export async function admitted(auth: Auth, route: Route, { request, context }: Arrival): Promise<Result<Admitted>> {
  if (route.access === 'public') return ANYBODY
  if (route.access === 'service') {
    const found = await auth.service(request.headers.get('authorization'), context)
    if (!found.ok) return found
    const { id } = found.value
    return ok({ who: null, service: id, actor: `service:${id}` })
  }
  const { passive = false, renewing = false, proving } = route
  const manner = { ...context, passive, renewing }
  const found = await auth.authenticate(request.headers, proving ? { ...manner, proving } : manner)
  if (!found.ok) return found
  const guards: readonly Guard[] = [...ROLES[route.access], ...(route.fresh ? [fresh(auth.setting.fresh)] : [])]
  const allowed = auth.guard(found.value, guards, context)
  return allowed.ok ? ok({ who: found.value, service: null, actor: found.value.user.id }) : allowed
}
