import { z } from 'zod'
import type { PolicyStanding, PolicyValue } from '../auth.ts'
import { POLICY_PARTS } from '../policy.ts'
import { answer, route } from './route.ts'

const duration = z.int().min(1).describe('Milliseconds')
const limits = z.strictObject({ idleMs: duration, absoluteMs: duration })

const valueShape = z.strictObject({
  timeouts: z.strictObject({
    idleMs: duration,
    absoluteMs: duration,
    warnMs: duration.describe('How long before its end a person is warned'),
    remember: limits.nullable().describe('Of “remember me”; null when it is not offered'),
    roles: z.record(z.string().max(32), limits.partial()).describe('Tighter limits for holders of a role'),
    sections: z
      .array(
        z.strictObject({
          path: z.string().max(200),
          idleMs: duration.optional(),
          reauthenticateMs: duration.optional().describe('The oldest authentication that is enough there'),
        }),
      )
      .max(50),
  }),
  sessionLimit: z
    .strictObject({ max: z.int().min(1), whenFull: z.enum(['end-oldest', 'refuse']) })
    .nullable()
    .describe('How many sessions one account may have; null for any number'),
})
type Value = z.infer<typeof valueShape>

const version = z.int().min(0).describe('One more with each change; 0 is what the configuration says')
const fixed = z.array(z.enum(POLICY_PARTS)).describe('Parts that the configuration keeps as they are')

const policyShape = valueShape.extend({ version, fixed, configured: valueShape })

export const adminPolicyRoutes = [
  route({
    method: 'GET',
    path: '/admin/policy',
    summary: 'How long sessions last, and how many there may be',
    access: 'auditor',
    responses: { 200: policyShape },
    handle: async (auth) => answer(200, wire(await auth.policy.read())),
  }),
  route({
    method: 'PUT',
    path: '/admin/policy',
    summary:
      'Change the policy as a whole; every server judges by it when this is answered. 409 when its version is another by now, 422 with the reason for what makes no sense',
    access: 'admin',
    fresh: true,
    // What was read can be sent back changed: what is for reading is passed over.
    body: valueShape.extend({ version, fixed: fixed.optional(), configured: valueShape.optional() }),
    refuses: ['conflict', 'policy_invalid'],
    responses: { 200: policyShape },
    async handle(auth, { body, context }) {
      const changed = await auth.policy.change(asValue(body), body.version, context)
      return changed.ok ? answer(200, wire(changed.value)) : changed
    },
  }),
]

function wire({ version, fixed, configured, ...value }: PolicyStanding) {
  return { version, ...wireValue(value), fixed, configured: wireValue(configured) }
}

function wireValue({ timeouts, sessionLimit }: PolicyValue): Value {
  const { idle, absolute, warn, remember, roles, sections } = timeouts
  return {
    timeouts: {
      idleMs: idle,
      absoluteMs: absolute,
      warnMs: warn,
      remember: remember === false ? null : { idleMs: remember.idle, absoluteMs: remember.absolute },
      roles: Object.fromEntries(
        Object.entries(roles).map(([role, { idle, absolute }]) => [role, { idleMs: idle, absoluteMs: absolute }]),
      ),
      sections: sections.map(({ path, idle, reauthenticate }) => ({
        path,
        ...(idle !== undefined && { idleMs: idle }),
        ...(reauthenticate !== undefined && { reauthenticateMs: reauthenticate }),
      })),
    },
    sessionLimit,
  }
}

function asValue({ timeouts, sessionLimit }: Value): PolicyValue {
  const { idleMs, absoluteMs, warnMs, remember, roles, sections } = timeouts
  return {
    timeouts: {
      idle: idleMs,
      absolute: absoluteMs,
      warn: warnMs,
      remember: remember === null ? false : { idle: remember.idleMs, absolute: remember.absoluteMs },
      roles: Object.fromEntries(
        Object.entries(roles).map(([role, own]) => [
          role,
          { idle: own.idleMs ?? idleMs, absolute: own.absoluteMs ?? absoluteMs },
        ]),
      ),
      sections: sections.map(({ path, idleMs, reauthenticateMs }) => ({
        path,
        ...(idleMs !== undefined && { idle: idleMs }),
        ...(reauthenticateMs !== undefined && { reauthenticate: reauthenticateMs }),
      })),
    },
    sessionLimit,
  }
}
