import type { Facts } from './facts.ts'
import { type Finding, ok, orOk, warn } from './finding.ts'
import { DAY, HOUR, over, written } from './span.ts'

/** NIST SP 800-63B-4 section 2.1.3, assurance level 1. */
const LONGEST = 30 * DAY
const FEWEST = 15

/** What is chosen without being written, where there is a choice. */
export function choices({ given, strategies }: Facts): readonly Finding[] {
  const found: Finding[] = []
  if (given.sessionLimit === undefined && strategies[0] !== 'jwt') {
    found.push(
      ok(
        'a user may have any number of sessions',
        `write sessionLimit: { max: 5, whenFull: 'end-oldest' } to bound it`,
      ),
    )
  }
  if (given.password?.breached === undefined) {
    found.push(
      ok(
        'passwords known from breaches elsewhere are taken, but for the most common ones',
        'write password: { breached: haveIBeenPwned() } of sallyport/providers; it is sent five digits of a hash',
      ),
    )
  }
  if (given.password?.pepper === undefined) {
    found.push(
      ok(
        'there is no pepper: who copies the database can guess passwords',
        'write one kept elsewhere in password.pepper',
      ),
    )
  }
  return found
}

/** Who may make an account, and what sign-up tells (TH-09). */
export function signUp({ setting, production }: Facts): readonly Finding[] {
  if (!setting) return []
  if (setting.signUp === 'closed') return [ok('sign-up is closed: administrators make accounts')]
  if (!production) return [ok('sign-up is open, as this is development')]
  return [
    warn(
      'sign-up is open: everybody who reaches the server can make an account',
      'if that is not meant, write SALLYPORT_SIGN_UP=closed',
    ),
    ...(setting.verifyEmail ? [] : [UNVERIFIED]),
  ]
}

const UNVERIFIED = warn(
  'e-mail addresses are not verified: sign-up tells whether an address has an account, and who made one may not own the address',
  'write SALLYPORT_VERIFY_EMAIL=true, or SALLYPORT_SIGN_UP=closed',
)

/** How long sessions last. */
export function limits({ setting, inForce, faulty }: Facts): readonly Finding[] {
  if (!setting || faulty.has('timeouts') || faulty.has('fresh')) return []
  const { standard, remember, roles } = inForce ? asSet(inForce.timeouts) : setting.policy
  const who = inForce ? ', as administrators have set it' : ''
  const spans = [
    ['timeouts.idle', standard.idle],
    ['timeouts.absolute', standard.absolute],
    ['timeouts.remember.idle', remember?.idle ?? 0],
    ['timeouts.remember.absolute', remember?.absolute ?? 0],
  ] as const
  const found = spans
    .filter(([, ms]) => ms > LONGEST)
    .map(([name, ms]) =>
      warn(`${name} is ${written(ms)}${who}, longer than assurance level 1 allows`, `write '30d' or less`),
    )
  const admin = roles.get('admin')?.idle ?? standard.idle
  if (admin > HOUR) {
    const what = `administrators may be idle for ${written(admin)}${who}: a screen that was left can do everything that long`
    found.push(warn(what, `write timeouts: { roles: { admin: { idle: '30m' } } }, or less`))
  }
  if (over(setting.fresh, HOUR)) {
    const what = `fresh is ${written(setting.fresh)}: that long after signing in a stolen session can change the password`
    found.push(warn(what, `write '1h' or less; '10m' is usual`))
  }
  const level = standard.idle <= HOUR && standard.absolute <= DAY ? 2 : 1
  return orOk(
    found,
    `sessions end after ${written(standard.idle)} without activity, after ${written(standard.absolute)} at the latest, as assurance level ${level} asks`,
  )
}

type Set = NonNullable<Facts['inForce']>['timeouts']

function asSet({ idle, absolute, remember, roles }: Set) {
  return { standard: { idle, absolute }, remember: remember || null, roles: new Map(Object.entries(roles)) }
}

/** What passwords have to be (PW-01). */
export function passwords({ setting, faulty }: Facts): readonly Finding[] {
  if (!setting || faulty.has('password')) return []
  const { passwordMinLength } = setting
  if (passwordMinLength >= FEWEST) return [ok(`passwords have ${passwordMinLength} characters at least`)]
  const what = `password.minLength is ${passwordMinLength}, too few where the password is the only factor`
  return [warn(what, `write ${FEWEST}, or leave it out`)]
}

/** Whether somebody could notice an attack (LG-06). */
export function log({ given: { logLevel } }: Facts): readonly Finding[] {
  if (logLevel !== 'silent' && logLevel !== 'error') return [ok('security events are logged')]
  return [
    warn(
      `LOG_LEVEL is ${logLevel}: refused and suspicious requests leave no line in the log`,
      'write LOG_LEVEL=warn, or info',
    ),
  ]
}
