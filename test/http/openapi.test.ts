import { afterAll, beforeAll, expect, it } from 'vitest'
import { ROUTES } from '../../src/http/routes.ts'
import { type Site, site } from './site.ts'

type Schema = { readonly [name: string]: unknown }
type Operation = {
  readonly operationId: string
  readonly security: readonly Schema[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly required: boolean }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Record<string, { readonly schema: Schema }> }
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema?: Schema }> }>
}

let s: Site
let document: {
  readonly openapi: string
  readonly servers: unknown
  readonly paths: Record<string, Record<string, Operation>>
  readonly components: { readonly schemas: Record<string, Schema>; readonly securitySchemes: Record<string, Schema> }
}

beforeAll(async () => {
  s = await site({ basePath: '/id', cookies: { name: 'door' } })
  document = (await s.get('/openapi.json')).body as never
})
afterAll(() => s.close())

it('is OpenAPI 3.1 of exactly the routes there are', () => {
  expect(document.openapi).toMatch(/^3\.1\./)
  expect(document.servers).toEqual([{ url: 'https://app.example' }])
  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  const table = ROUTES.map(({ method, path, root }) => `${method.toLowerCase()} ${root ? '' : '/id'}${path}`)
  expect(listed.sort()).toEqual([...table, 'get /openapi.json'].sort())
})

it('says who may, with what, and what comes back', () => {
  const of = (path: string, method: string) => document.paths[path]?.[method] as Operation
  expect(of('/id/sign-in', 'post').security).toEqual([])
  expect(of('/id/session', 'get').security).toEqual([{ bearer: [] }, { cookie: [] }])
  expect(document.components.securitySchemes.cookie).toEqual({ type: 'apiKey', in: 'cookie', name: '__Host-door' })
  expect(of('/id/sign-up', 'post').requestBody).toMatchObject({
    required: true,
    content: { 'application/json': { schema: { required: ['email', 'password'], additionalProperties: false } } },
  })
  expect(of('/id/refresh', 'post').requestBody?.required).toBe(false)
  expect(of('/id/sessions', 'delete').parameters).toEqual([
    { name: 'scope', in: 'query', required: true, schema: { type: 'string', enum: ['others', 'all'] } },
  ])
  expect(of('/id/admin/users/{id}', 'patch').parameters).toMatchObject([{ name: 'id', in: 'path', required: true }])
  expect(of('/id/session/events', 'get').responses[200]?.content).toHaveProperty('text/event-stream')
  expect(of('/id/sign-out', 'post').responses[204]?.content).toBeUndefined()
})

it('names every operation once, and every reference leads somewhere', () => {
  const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods))
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length)
  for (const { operationId } of operations) expect(operationId).toMatch(/^[a-z][A-Za-z]+$/)
  const text = JSON.stringify(document)
  const names = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name as string)
  expect(names).toContain('Problem')
  for (const name of names) expect(document.components.schemas).toHaveProperty(name)
  expect(text).not.toContain('$defs')
  expect(document.components.schemas.Session).toMatchObject({ type: 'object', additionalProperties: false })
})

it('every refusal is a problem, by a word that is stated', () => {
  for (const methods of Object.values(document.paths)) {
    for (const { responses } of Object.values(methods)) {
      expect(responses.default?.content).toEqual({
        'application/problem+json': {
          schema: {
            allOf: [{ $ref: '#/components/schemas/Problem' }],
            properties: { code: { enum: expect.any(Array) } },
          },
        },
      })
    }
  }
})

it.each([
  [
    'the keys, which are everybody’s',
    '/.well-known/jwks.json',
    'get',
    ['uri_too_long', 'headers_too_large', 'internal', 'unavailable'],
  ],
  [
    'a service',
    '/id/introspect',
    'post',
    [
      ...['invalid_request', 'unauthenticated', 'payload_too_large', 'uri_too_long', 'unsupported_media_type'],
      ...['throttled', 'headers_too_large', 'internal', 'unavailable'],
    ],
  ],
  [
    'an administrator’s change',
    '/id/admin/throttles/{key}',
    'delete',
    [
      ...['invalid_request', 'unauthenticated', 'signed_out', 'session_expired_idle', 'session_expired_absolute'],
      ...['session_revoked', 'session_evicted', 'user_locked', 'token_reused', 'token_stale', 'reauth_required'],
      ...['forbidden', 'csrf_rejected', 'not_found', 'payload_too_large', 'uri_too_long', 'unsupported_media_type'],
      ...['throttled', 'headers_too_large', 'internal', 'unavailable'],
    ],
  ],
  [
    'leaving',
    '/id/sign-out',
    'post',
    [
      ...['invalid_request', 'csrf_rejected', 'payload_too_large', 'uri_too_long', 'unsupported_media_type'],
      ...['throttled', 'headers_too_large', 'internal', 'unavailable'],
    ],
  ],
])('states exactly what can be refused: %s', (_, path, method, words) => {
  expect(wordsOf(path, method)).toEqual(words)
})

it('states what a handler refuses with besides what the steps before it say', () => {
  expect(wordsOf('/id/sign-in', 'post')).toEqual(
    expect.arrayContaining(['invalid_credentials', 'captcha_required', 'session_limit_reached', 'overloaded']),
  )
  expect(wordsOf('/id/sign-up', 'post')).toEqual(expect.arrayContaining(['sign_up_closed', 'password_breached']))
  expect(wordsOf('/id/user', 'get')).not.toContain('csrf_rejected')
  expect(wordsOf('/id/user', 'get')).toContain('reauth_required')
  expect(wordsOf('/id/reauthenticate', 'post')).not.toContain('reauth_required')
  expect(wordsOf('/id/forward', 'get')).toContain('csrf_rejected')
})

function wordsOf(path: string, method: string): readonly string[] {
  const schema = document.paths[path]?.[method]?.responses.default?.content?.['application/problem+json']?.schema
  return (schema as { readonly properties: { readonly code: { readonly enum: readonly string[] } } }).properties.code
    .enum
}
