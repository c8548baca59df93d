import { type Duration, milliseconds } from './duration.ts'
import { ConfigurationError, type EndReason } from './errors.ts'
import { PRESETS, type Preset } from './presets.ts'
import type { Session } from './session.ts'

/** The two limits of a session. */
export type Limits = {
  /** How long it lasts without use. */
  readonly idle: Duration
  /** How long it lasts at all. */
  readonly absolute: Duration
}

/** A part of the application with rules of its own. */
export type SectionOptions = {
  /** Path prefix, on segment borders: `/billing` covers `/billing` and `/billing/x`, not `/billings`. */
  readonly path: string
  /**
   * After a pause this long the section asks for re-authentication.
   * @default none
   */
  readonly idle?: Duration
  /**
   * The section asks for an authentication at most this old.
   * @default none
   */
  readonly reauthenticate?: Duration
}

/** What administrators may change while the program runs. */
export const POLICY_PARTS = ['idle', 'absolute', 'warn', 'remember', 'roles', 'sections', 'sessionLimit'] as const
export type PolicyPart = (typeof POLICY_PARTS)[number]

/** How long sessions last, and who is asked for what in between. */
export type TimeoutOptions = {
  /**
   * NIST SP 800-63B-4 limits as the starting point; single values below still override, towards shorter only. `aal2` and `aal3` need a
   * second factor.
   * @default none
   */
  readonly preset?: Preset
  /**
   * How long a session lasts without use. Under `jwt()` the life of a token stands for it.
   * @default '30m'
   */
  readonly idle?: Duration
  /**
   * How long a session lasts at all; nothing moves it.
   * @default '12h'
   */
  readonly absolute?: Duration
  /**
   * How long before its end a person is warned.
   * @default '2m', or half of `idle` where that is shorter
   */
  readonly warn?: Duration
  /**
   * The limits of sessions that were to be remembered, or `false`: then nobody is.
   * @default { idle: '14d', absolute: '30d' }, or `false` under a preset
   */
  readonly remember?: Limits | false
  /**
   * Tighter limits for holders of a role; the strictest of a user's roles counts.
   * @default {}
   */
  readonly roles?: Readonly<Record<string, Partial<Limits>>>
  /**
   * Parts of the application, by path, with rules of their own.
   * @default []
   */
  readonly sections?: readonly SectionOptions[]
  /**
   * What is as written here for good, and no administrator can change.
   * @default []
   */
  readonly fixed?: readonly PolicyPart[]
}

type Span = { readonly idle: number; readonly absolute: number }
export type Section = { readonly path: string; readonly idle: number; readonly reauthenticate: number }

/** The options in milliseconds, checked. Pure data: judged by the functions below, replaced as a whole. */
export type Policy = {
  readonly standard: Span
  /** Null when "remember me" is not offered. */
  readonly remember: Span | null
  readonly warn: number
  readonly roles: ReadonlyMap<string, Span>
  readonly sections: readonly Section[]
  /** Sessions that are used are written at most once in this time. */
  readonly touchStep: number
}

const DEFAULTS = {
  idle: '30m',
  absolute: '12h',
  warn: '2m',
  remember: { idle: '14d', absolute: '30d' },
} as const satisfies TimeoutOptions

/** @throws ConfigurationError when the limits contradict each other; the message says what to write instead. */
export function policy(options: TimeoutOptions, knownRoles: readonly string[]): Policy {
  const preset = options.preset && Object.hasOwn(PRESETS, options.preset) ? PRESETS[options.preset] : undefined
  if (options.preset !== undefined && !preset) {
    throw new ConfigurationError(
      `timeouts.preset is '${options.preset}': write one of ${Object.keys(PRESETS).join(', ')}`,
    )
  }
  if (preset?.secondFactor) {
    throw new ConfigurationError(
      `timeouts.preset '${options.preset}' needs a second factor, which is not configured: write 'aal1' or give idle and absolute yourself`,
    )
  }
  const unknown = (options.fixed ?? []).find((part) => !POLICY_PARTS.includes(part))
  if (unknown !== undefined) {
    throw new ConfigurationError(`timeouts.fixed names '${unknown}': write some of ${POLICY_PARTS.join(', ')}`)
  }
  const standard = span('timeouts', { ...DEFAULTS, ...preset, ...defined(options) })
  const rememberOption = options.remember ?? (preset ? false : DEFAULTS.remember)
  const remember = rememberOption === false ? null : span('timeouts.remember', rememberOption)
  if (preset) {
    for (const chosen of [standard, remember]) if (chosen) within(preset, chosen, options.preset as string)
  }

  const roles = new Map<string, Span>()
  for (const [role, limits] of Object.entries(options.roles ?? {})) {
    if (!knownRoles.includes(role)) {
      throw new ConfigurationError(
        `timeouts.roles names '${role}', which is not in the catalogue (${knownRoles.join(', ')}): add it to roles`,
      )
    }
    const idle = milliseconds(limits.idle ?? standard.idle, `timeouts.roles.${role}.idle`)
    const absolute = milliseconds(limits.absolute ?? standard.absolute, `timeouts.roles.${role}.absolute`)
    roles.set(role, { idle, absolute })
  }

  const sections = (options.sections ?? []).map(section)
  const twice = sections.find(({ path }, i) => sections.findIndex((one) => one.path === path) !== i)
  if (twice)
    throw new ConfigurationError(`timeouts.sections lists '${twice.path}' twice: write its limits in one entry`)
  const warn = milliseconds(
    options.warn ?? Math.min(milliseconds(DEFAULTS.warn, 'warn'), standard.idle / 2),
    'timeouts.warn',
  )
  const shortest = Math.min(standard.idle, ...[...roles.values()].map(({ idle, absolute }) => Math.min(idle, absolute)))
  if (warn >= shortest) {
    throw new ConfigurationError(
      `timeouts.warn is ${warn} ms but a session may last no longer than ${shortest} ms: write a warning lead below the shortest limit`,
    )
  }
  const tightest = Math.min(shortest, remember?.idle ?? shortest, ...sections.map((s) => s.idle))
  return {
    standard,
    remember,
    warn,
    roles,
    sections,
    touchStep: Math.max(1, Math.min(60_000, Math.floor(tightest / 10))),
  }
}

/** Options that name everything, in milliseconds. */
export type PolicyTimeouts = {
  readonly idle: number
  readonly absolute: number
  readonly warn: number
  readonly remember: Span | false
  readonly roles: Readonly<Record<string, Span>>
  readonly sections: readonly { readonly path: string; readonly idle?: number; readonly reauthenticate?: number }[]
}

/** A policy as options; in one order, so that equal ones are written alike. */
export function policyOptions({ standard, remember, warn, roles, sections }: Policy): PolicyTimeouts {
  const given = (value: number, name: string) => (Number.isFinite(value) ? { [name]: value } : {})
  return {
    idle: standard.idle,
    absolute: standard.absolute,
    warn,
    remember: remember === null ? false : { idle: remember.idle, absolute: remember.absolute },
    roles: Object.fromEntries([...roles].sort(([a], [b]) => (a < b ? -1 : 1))),
    sections: sections.map(({ path, idle, reauthenticate }) => ({
      path,
      ...given(idle, 'idle'),
      ...given(reauthenticate, 'reauthenticate'),
    })),
  }
}

/** The limits that hold for a session now: the strictest of its kind and of its owner's roles (TO-10). */
export function limits(policy: Policy, roles: readonly string[], remember: boolean): Span {
  const base = (remember && policy.remember) || policy.standard
  if (policy.roles.size === 0) return base
  let { idle, absolute } = base
  for (const role of roles) {
    const own = policy.roles.get(role)
    if (!own) continue
    if (own.idle < idle) idle = own.idle
    if (own.absolute < absolute) absolute = own.absolute
  }
  return { idle, absolute }
}

export type Deadlines = { readonly idleExpiresAt: number; readonly expiresAt: number; readonly warnAt: number }

/** When the session ends if nothing more happens, under the policy of this moment. */
export function deadlines(policy: Policy, session: Session, roles: readonly string[]): Deadlines {
  const now = limits(policy, roles, session.remember)
  const idleExpiresAt = session.lastActiveAt + Math.min(now.idle, session.idleTimeout)
  const expiresAt = Math.min(session.expiresAt, session.createdAt + now.absolute)
  return { idleExpiresAt, expiresAt, warnAt: Math.min(idleExpiresAt, expiresAt) - policy.warn }
}

/**
 * Why the session is over by time at `now`; the instant of expiry is expired (TO-08). The limit
 * that was reached first gives the reason. `lastActiveAt` may be
 * given apart, because a node knows of uses that are not in the record yet.
 */
export function expiry(
  policy: Policy,
  session: Session,
  roles: readonly string[],
  now: number,
  lastActiveAt: number = session.lastActiveAt,
): EndReason | null {
  const current = limits(policy, roles, session.remember)
  const idleExpiresAt = lastActiveAt + Math.min(current.idle, session.idleTimeout)
  const expiresAt = Math.min(session.expiresAt, session.createdAt + current.absolute)
  if (now < idleExpiresAt && now < expiresAt) return null
  return idleExpiresAt < expiresAt ? 'session_expired_idle' : 'session_expired_absolute'
}

/** The most specific section that covers `path`, judged on whole segments. */
export function sectionOf(policy: Policy, path: string): Section | null {
  let found: Section | null = null
  for (const candidate of policy.sections) {
    const covers = path === candidate.path || path.startsWith(candidate.path === '/' ? '/' : `${candidate.path}/`)
    if (covers && (!found || candidate.path.length > found.path.length)) found = candidate
  }
  return found
}

function span(option: string, given: Limits): Span {
  const idle = milliseconds(given.idle, `${option}.idle`)
  const absolute = milliseconds(given.absolute, `${option}.absolute`)
  if (idle > absolute) {
    throw new ConfigurationError(
      `${option}.idle (${idle} ms) is longer than ${option}.absolute (${absolute} ms) and would never be reached: write a shorter idle limit`,
    )
  }
  return { idle, absolute }
}

function within(preset: Span & Record<string, unknown>, chosen: Span, name: string): void {
  if (chosen.idle > preset.idle || chosen.absolute > preset.absolute) {
    throw new ConfigurationError(
      `timeouts is looser than preset '${name}' allows (idle ${preset.idle} ms, absolute ${preset.absolute} ms): shorten it or drop the preset`,
    )
  }
}

function section(given: SectionOptions): Section {
  if (!given.path.startsWith('/') || (given.path !== '/' && given.path.endsWith('/'))) {
    throw new ConfigurationError(
      `timeouts.sections path is '${given.path}': write it as '/billing', without a final slash`,
    )
  }
  if (given.idle === undefined && given.reauthenticate === undefined) {
    throw new ConfigurationError(`timeouts.sections '${given.path}' sets no limit: write idle, reauthenticate or both`)
  }
  const limit = (value: Duration | undefined, name: string) =>
    value === undefined ? Number.POSITIVE_INFINITY : milliseconds(value, `timeouts.sections '${given.path}' ${name}`)
  return {
    path: given.path,
    idle: limit(given.idle, 'idle'),
    reauthenticate: limit(given.reauthenticate, 'reauthenticate'),
  }
}

function defined(options: TimeoutOptions): Partial<Limits> {
  return {
    ...(options.idle !== undefined && { idle: options.idle }),
    ...(options.absolute !== undefined && { absolute: options.absolute }),
  }
}
