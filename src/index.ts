export type { Auth, Connection, InferSession, InferUser, Metrics, Setting } from './auth.ts'
export type { Carrier, RequestContext } from './carrier.ts'
export { type Clock, systemClock } from './clock.ts'
export { createAuth } from './create-auth.ts'
export type { Duration } from './duration.ts'
export {
  type Code,
  ConfigurationError,
  type EndReason,
  type Refusal,
  SessionEnded,
  StoreUnavailable,
} from './errors.ts'
export type { AuthEvent, EventType, Listener } from './events.ts'
export type { Imported, ImportedUser } from './flows/import-users.ts'
export type { Introspection } from './flows/introspect.ts'
export type { KeyInfo } from './flows/keys.ts'
export type { OwnData } from './flows/own.ts'
export type { Relay } from './flows/relay.ts'
export type { CreatedService, ServiceInfo } from './flows/services.ts'
export type { SignUpOutcome } from './flows/sign-up.ts'
export { type Authenticated, fresh, type Guard, role, section } from './guard.ts'
export type { Mail, MailContent, Mailer, MailFacts, MailKind, MailOptions } from './mailer.ts'
export type { Logger, Options } from './options.ts'
export type { Result } from './result.ts'
export type { Session } from './session.ts'
export type { Store } from './store.ts'
export { memory } from './stores/memory/memory.ts'
export { type HybridOptions, hybrid } from './strategies/hybrid.ts'
export { type JwtOptions, jwt } from './strategies/jwt.ts'
export { session } from './strategies/session.ts'
export type { User } from './user.ts'
