import { adminAuditRoutes } from './admin-audit.ts'
import { adminEveryoneRoutes } from './admin-everyone.ts'
import { adminKeysRoutes } from './admin-keys.ts'
import { adminPolicyRoutes } from './admin-policy.ts'
import { adminSessionsRoutes } from './admin-sessions.ts'
import { adminStatsRoutes } from './admin-stats.ts'
import { adminThrottlesRoutes } from './admin-throttles.ts'
import { adminUsersRoutes } from './admin-users.ts'
import { continueRoutes } from './continue.ts'
import { csrfRoutes } from './csrf.ts'
import { emailRoutes } from './email.ts'
import { eventsRoutes } from './events.ts'
import { feedRoutes } from './feed.ts'
import { forwardRoutes } from './forward.ts'
import { healthRoutes } from './health.ts'
import { introspectRoutes } from './introspect.ts'
import { keysRoutes } from './keys.ts'
import { passwordRoutes } from './password.ts'
import { reauthenticateRoutes } from './reauthenticate.ts'
import { refreshRoutes } from './refresh.ts'
import type { Route } from './route.ts'
import { sessionRoutes } from './session.ts'
import { sessionsRoutes } from './sessions.ts'
import { signInRoutes } from './sign-in.ts'
import { signOutRoutes } from './sign-out.ts'
import { signUpRoutes } from './sign-up.ts'
import { userRoutes } from './user.ts'

/** Every route there is, in the order in which the OpenAPI document shows them. */
export const ROUTES: readonly Route[] = [
  ...signUpRoutes,
  ...signInRoutes,
  ...signOutRoutes,
  ...refreshRoutes,
  ...continueRoutes,
  ...sessionRoutes,
  ...eventsRoutes,
  ...reauthenticateRoutes,
  ...sessionsRoutes,
  ...passwordRoutes,
  ...emailRoutes,
  ...userRoutes,
  ...csrfRoutes,
  ...adminSessionsRoutes,
  ...adminEveryoneRoutes,
  ...adminUsersRoutes,
  ...adminAuditRoutes,
  ...adminKeysRoutes,
  ...adminPolicyRoutes,
  ...adminThrottlesRoutes,
  ...adminStatsRoutes,
  ...introspectRoutes,
  ...forwardRoutes,
  ...feedRoutes,
  ...keysRoutes,
  ...healthRoutes,
]
