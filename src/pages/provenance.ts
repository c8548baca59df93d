import type { Auth } from '../auth.ts'
import type { Arrival } from '../http/arrival.ts'
import type { Form } from '../wire/form.ts'
import { type OriginProof, proofOfOrigin } from '../wire/origin.ts'

/** What the headers of a request say of the page it was sent from (CS-02). */
export function provenance({ request: { headers } }: Arrival, origins: ReadonlySet<string>): OriginProof {
  const [secFetchSite, origin, referer] = [headers.get('sec-fetch-site'), headers.get('origin'), headers.get('referer')]
  return proofOfOrigin({ secFetchSite, origin, referer }, origins)
}

/**
 * Whether a form may be taken (CS-01). One whose headers say nothing counts only with the token of the session it came
 * with: signing in and up have none, and so need a browser that says where its forms come from (SL-07).
 */
export async function mayBeTaken(auth: Auth, arrived: Arrival, form: Form): Promise<boolean> {
  const proof = provenance(arrived, auth.setting.origins)
  if (proof === 'own') return true
  const { request, context } = arrived
  const token = form.get('csrf')
  const found =
    proof === 'none' && token !== undefined
      ? await auth.authenticate(request.headers, { ...context, passive: true, proving: 'asks' })
      : null
  const who = found?.ok ? found.value : null
  if (who && auth.csrfTokenFits(who.session.id, token)) return true
  const reason = proof === 'foreign' ? 'foreign_origin' : 'no_proof'
  auth.report({ type: 'csrf.rejected', ...(who && { who }), reason }, context)
  return false
}
