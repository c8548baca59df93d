import type { Store } from '../../store.ts'
import { auditPort } from './audit.ts'
import { countersPort } from './counters.ts'
import { credentialTable } from './credential-table.ts'
import { credentialsPort } from './credentials.ts'
import { denialsPort } from './denials.ts'
import { keysPort } from './keys.ts'
import { place } from './place.ts'
import { servicesPort } from './services.ts'
import { sessionTable } from './session-table.ts'
import { sessionsPort } from './sessions.ts'
import { settingsPort } from './settings.ts'
import { ticketsPort } from './tickets.ts'
import { usersPort } from './users.ts'

/**
 * A store in the memory of this process: for tests, for trying things out, and for a single process that may forget
 * everyone when it stops. Every verb does its work in one synchronous step, which is what makes it atomic. What goes in
 * is copied and what comes out is frozen, so nobody holds a part of the store itself.
 *
 * After `close()` every verb throws `StoreUnavailable`; `open()` brings it back with all it held.
 */
export function memory(): Store {
  const here = place()
  const table = sessionTable()
  const credentials = credentialTable()
  return {
    users: usersPort(here, credentials),
    credentials: credentialsPort(here, credentials),
    sessions: sessionsPort(here, table),
    denials: denialsPort(here, table),
    keys: keysPort(here),
    services: servicesPort(here),
    tickets: ticketsPort(here),
    counters: countersPort(here),
    audit: auditPort(here),
    settings: settingsPort(here),
  }
}
