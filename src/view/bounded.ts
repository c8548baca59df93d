import type { Clock } from '../clock.ts'
import type { Store } from '../store.ts'
import { within } from './within.ts'

/**
 * How long a verb of a store may take, milliseconds: longer than any store's own patience, shorter than anybody waits for
 * an answer.
 */
const VERB_MS = 10_000

/**
 * The store with an end to every wait: a verb that does not answer has failed (TE-10). Whether it did what it was asked is
 * then not known, as with every answer that is lost. The feed's verbs are bounded where they are used.
 */
export function bounded(store: Store, clock: Clock): Store {
  const port = <P extends object>(verbs: P): P =>
    new Proxy(verbs, {
      get(of, name) {
        const verb: unknown = Reflect.get(of, name)
        if (typeof verb !== 'function') return verb
        return (...given: unknown[]) => within(clock, VERB_MS, Reflect.apply(verb, of, given) as Promise<unknown>)
      },
    })
  const { users, credentials, sessions, denials, keys, services, tickets, counters, audit, settings } = store
  return {
    users: port(users),
    credentials: port(credentials),
    sessions: port(sessions),
    denials: port(denials),
    keys: port(keys),
    services: port(services),
    tickets: port(tickets),
    counters: port(counters),
    audit: port(audit),
    settings: port(settings),
  }
}
