import type { Auth } from './auth.ts'
import type { Core } from './flows/core.ts'
import { changePolicy, standingPolicy } from './flows/policy.ts'
import { stats } from './flows/stats.ts'
import { liftThrottle, throttles } from './flows/throttles.ts'

/** What administrators alone ask for. @param run runs an operation once the stores are open */
export function desks(
  core: Core,
  run: <T>(operation: () => Promise<T> | T) => Promise<T>,
): Pick<Auth, 'services' | 'policy' | 'throttles' | 'stats'> {
  return {
    services: {
      create: (name, context = {}) => run(() => core.services.create(name, context, context.actor ?? null)),
      list: () => run(() => core.services.list()),
      remove: (id, context = {}) => run(() => core.services.remove(id, context, context.actor ?? null)),
    },
    policy: {
      read: () => run(() => standingPolicy(core)),
      change: (wanted, expected, context = {}) =>
        run(() => changePolicy(core, wanted, expected, context, context.actor ?? null)),
    },
    throttles: {
      list: (cursor, limit) => run(() => throttles(core, cursor, limit)),
      lift: (key, context = {}) => run(() => liftThrottle(core, key, context, context.actor ?? null)),
    },
    stats: () => run(() => stats(core)),
  }
}
