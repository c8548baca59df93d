import { z } from 'zod'
import type { Auth } from '../auth.ts'
import type { Carrier } from '../carrier.ts'
import { sha256 } from '../crypto.ts'
import { answer, route } from './route.ts'

const text = z.string()

const jwkShape = z
  .strictObject({
    kty: text,
    kid: text,
    alg: text,
    use: z.literal('sig'),
    crv: text.optional(),
    x: text.optional(),
    y: text.optional(),
    n: text.optional(),
    e: text.optional(),
  })
  .describe('A public key (RFC 7517)')

/** A key is published long before it signs, and whoever keeps the set asks again well before that. Seconds. */
const LONGEST_KEPT = 300

async function keySet(auth: Auth, carrier: Carrier) {
  const keys = await auth.keys.published()
  const body = { keys }
  const etag = `"${sha256(JSON.stringify(body)).slice(0, 32)}"`
  const seconds = Math.min(LONGEST_KEPT, Math.floor(auth.setting.keysPublishedFor / 4000))
  const headers = { ETag: etag, 'Cache-Control': `public, max-age=${seconds}` }
  const known = carrier
    .get('if-none-match')
    ?.split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
  if (known?.some((tag) => tag === etag || tag === '*')) return answer(304, undefined, { headers, open: true })
  return answer(200, body, { headers, open: true })
}

export const keysRoutes = [
  route({
    method: 'GET',
    path: '/.well-known/jwks.json',
    root: 'too',
    summary: 'The public keys that tokens are signed with (RFC 7517), the next one included',
    access: 'public',
    responses: { 200: z.strictObject({ keys: z.array(jwkShape) }), 304: null },
    handle: (auth, { carrier }) => keySet(auth, carrier),
  }),
  route({
    method: 'GET',
    path: '/.well-known/oauth-authorization-server',
    root: true,
    summary: 'What this server offers to others, and where (RFC 8414)',
    access: 'public',
    responses: { 200: z.record(z.string(), z.unknown()) },
    handle(auth) {
      const { baseUrl, basePath } = auth.setting
      const own = `${baseUrl.origin}${basePath}`
      const methods = ['client_secret_basic']
      const body = {
        issuer: baseUrl.origin,
        jwks_uri: `${baseUrl.origin}/.well-known/jwks.json`,
        introspection_endpoint: `${own}/introspect`,
        introspection_endpoint_auth_methods_supported: methods,
        revocation_endpoint: `${own}/revoke`,
        revocation_endpoint_auth_methods_supported: methods,
        // There is nothing to be authorized here: people sign in with this server itself.
        response_types_supported: [],
        grant_types_supported: [],
      }
      return answer(200, body, { headers: { 'Cache-Control': 'public, max-age=300' }, open: true })
    },
  }),
]
