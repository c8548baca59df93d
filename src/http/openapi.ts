import { z } from 'zod'
import type { Setting } from '../auth.ts'
import type { Code } from '../errors.ts'
import { protectedCookie } from '../wire/cookie-name.ts'
import { FORM_TYPE } from './body.ts'
import { fullPath } from './match.ts'
import { refusalsOf } from './refusals.ts'
import { type Access, answer, type Route, route } from './route.ts'
import { NAMED } from './shapes.ts'

type Json = { readonly [name: string]: unknown }

/** `GET /openapi.json`: the table, as OpenAPI 3.1 has it. Made once, when it is first asked for. */
export function openApi(table: readonly Route[], setting: Setting): Route {
  let document: Json | null = null
  const own: Route = route({
    method: 'GET',
    path: '/openapi.json',
    root: true,
    summary: 'This document',
    access: 'public',
    responses: { 200: z.record(z.string(), z.unknown()) },
    handle() {
      document ??= documentOf([...table, own], setting)
      return answer(200, document)
    },
  })
  return own
}

function documentOf(table: readonly Route[], { baseUrl, basePath, cookies }: Setting): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const route of table) {
    const path = fullPath(route, basePath)
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  return {
    openapi: '3.1.1',
    info: { title: 'Authentication', version: '1' },
    servers: [{ url: baseUrl.origin }],
    paths,
    components: {
      schemas: Object.fromEntries([...NAMED].map(([shape, name]) => [name, schemaOf(shape, 'output', shape)])),
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: protectedCookie(cookies.name, baseUrl, cookies).name },
        service: { type: 'http', scheme: 'basic', description: 'Id and secret of a service; as bearer, id.secret' },
      },
    },
  }
}

function operation(route: Route): Json {
  const { method, path, summary, access, body, query, responses } = route
  const parameters = [...pathParameters(path), ...(query ? queryParameters(query) : [])]
  const operationId = `${method.toLowerCase()}${path.replace(/[^a-z]+(.)?/gi, (_, next = '') => next.toUpperCase())}`
  return {
    operationId,
    summary,
    ...(route.fresh && { description: 'Takes a fresh authentication: 401 reauth_required otherwise' }),
    security: securityOf(access),
    ...(access === 'admin' || access === 'auditor'
      ? { 'x-roles': access === 'admin' ? ['admin'] : ['admin', 'auditor'] }
      : {}),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: !body.safeParse({}).success,
        content: { [route.form ? FORM_TYPE : 'application/json']: { schema: schemaOf(body, 'input') } },
      },
    }),
    responses: {
      ...Object.fromEntries(Object.entries(responses).map(([status, shape]) => [status, response(shape, route.csv)])),
      default: {
        description: 'A refusal; `code` says which',
        content: { 'application/problem+json': { schema: refusal(refusalsOf(route)) } },
      },
    },
  }
}

/** A problem with one of these words. */
function refusal(words: readonly Code[]): Json {
  return { allOf: [{ $ref: '#/components/schemas/Problem' }], properties: { code: { enum: words } } }
}

function securityOf(access: Access): readonly Json[] {
  if (access === 'public') return []
  return access === 'service' ? [{ service: [] }] : [{ bearer: [] }, { cookie: [] }]
}

function response(shape: z.ZodType | string | null, csv = false): Json {
  const description = 'As asked'
  if (shape === null) return { description }
  if (typeof shape === 'string') return { description, content: { [shape]: {} } }
  const json = { 'application/json': { schema: schemaOf(shape, 'output') } }
  return { description, content: csv ? { ...json, 'text/csv': {} } : json }
}

function pathParameters(path: string): readonly Json[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string' },
  }))
}

function queryParameters(query: z.ZodType): readonly Json[] {
  const { properties = {}, required = [] } = schemaOf(query, 'input') as {
    properties?: Record<string, Json>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    ...{ name, in: 'query', required: required.includes(name) },
    ...(description !== undefined && { description }),
    schema,
  }))
}

/** A schema as JSON Schema, with references for those that have a name; `named` itself is written out. */
function schemaOf(shape: z.core.$ZodType, io: 'input' | 'output', named?: z.core.$ZodType): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, {
    io,
    override({ zodSchema, jsonSchema }) {
      const name = zodSchema === named ? undefined : NAMED.get(zodSchema)
      if (name === undefined) return
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
      jsonSchema.$ref = `#/components/schemas/${name}`
    },
  })
  return schema
}
