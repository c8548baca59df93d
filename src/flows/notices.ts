import type { RequestContext } from '../carrier.ts'
import type { MailKind } from '../mailer.ts'
import type { User, UserId } from '../user.ts'
import { device } from '../wire/device.ts'
import type { Core } from './core.ts'
import { deviceName } from './post.ts'

/** Tells somebody what happened to their account (TH-11): once, by whoever carried it out. Nothing waits for it. */
export function notify(
  { post }: Pick<Core, 'post'>,
  kind: Extract<MailKind, 'sign_in' | 'password_changed' | 'token_theft' | 'account_deleted'>,
  user: Pick<User, 'id' | 'email'>,
  context: RequestContext,
  at: number,
  more: { readonly failures?: number } = {},
): void {
  if (!post.able) return
  post.later('telling of a change', async () => {
    post.send({ kind, to: user.email, userId: user.id, at, ...more }, context)
  })
}

/**
 * Tells of a sign-in from a device that this user was not seen with for a year, and of one after many failures: one message
 * for both. The first device of all is nobody's news. What is told apart are browser, system and type, as in the list of sessions.
 */
export function tellOfSignIn(
  core: Pick<Core, 'post' | 'quota' | 'recorder'>,
  { user, sid, risky }: { readonly user: User; readonly sid: string; readonly risky: number },
  context: RequestContext,
  at: number,
): void {
  core.post.later('looking whether a device is known', async () => {
    const isNew = await isNewDevice(core, user.id, context)
    if (isNew) {
      const data = { device: deviceName(context.userAgent) ?? 'unknown' }
      core.recorder.record({ type: 'sign_in.new_device', actor: user.id, subject: user.id, sid, data }, context, at)
    }
    if (isNew || risky > 0) {
      core.post.send({ kind: 'sign_in', to: user.email, userId: user.id, at, failures: risky }, context)
    }
  })
}

/** Remembers the device somebody signed up with. */
export function knowDevice(core: Pick<Core, 'post' | 'quota'>, userId: UserId, context: RequestContext): void {
  core.post.later('remembering a device', async () => void (await isNewDevice(core, userId, context)))
}

async function isNewDevice({ quota }: Pick<Core, 'quota'>, userId: UserId, context: RequestContext): Promise<boolean> {
  const { browser, os, type } = device(context.userAgent)
  return (await quota.isFirst('device', userId, browser, os, type)) && !(await quota.isFirst('devices', userId))
}

/** To the owner of an address that somebody else wanted. */
export function tellTaken(
  core: Pick<Core, 'post' | 'recorder'>,
  { id, email }: User,
  context: RequestContext,
  at: number,
): void {
  core.recorder.record({ type: 'sign_up.address_taken', outcome: 'failure', subject: id }, context, at)
  core.post.send({ kind: 'address_taken', to: email, userId: id, at }, context)
}
