import type { Source, Store } from '../../store.ts'
import { auditPort } from './audit.ts'
import { countersPort } from './counters.ts'
import { credentialsPort } from './credentials.ts'
import { denialsPort } from './denials.ts'
import type { Driver } from './driver.ts'
import { keysPort } from './keys.ts'
import { servicesPort } from './services.ts'
import { sessionsPort } from './sessions.ts'
import { settingsPort } from './settings.ts'
import { ticketsPort } from './tickets.ts'
import { usersPort } from './users.ts'

/** Every port, over one driver. */
export function sqlStore(driver: Driver, source: Source): Store {
  return {
    users: usersPort(driver, source),
    credentials: credentialsPort(driver, source),
    sessions: sessionsPort(driver, source),
    denials: denialsPort(driver, source),
    keys: keysPort(driver, source),
    services: servicesPort(driver, source),
    tickets: ticketsPort(driver, source),
    counters: countersPort(driver, source),
    audit: auditPort(driver, source),
    settings: settingsPort(driver, source),
  }
}
