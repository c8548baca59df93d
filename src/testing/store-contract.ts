import { auditCases } from './contract/audit.ts'
import { auditOrderCases } from './contract/audit-order.ts'
import { counterCases } from './contract/counters.ts'
import { credentialCases } from './contract/credentials.ts'
import { denialCases } from './contract/denials.ts'
import { erasingCases } from './contract/erasing.ts'
import { cases, type StoreContractOptions } from './contract/harness.ts'
import { keyCases } from './contract/keys.ts'
import { serviceCases } from './contract/services.ts'
import { sessionChangeCases } from './contract/sessions-change.ts'
import { sessionDueCases } from './contract/sessions-due.ts'
import { sessionEndCases } from './contract/sessions-end.ts'
import { sessionListCases } from './contract/sessions-list.ts'
import { sessionRotateCases } from './contract/sessions-rotate.ts'
import { sessionSeenCases } from './contract/sessions-seen.ts'
import { sessionStartCases } from './contract/sessions-start.ts'
import { settingCases } from './contract/settings.ts'
import { sourceCases } from './contract/source.ts'
import { ticketCases } from './contract/tickets.ts'
import { userCases } from './contract/users.ts'
import { userAdmitCases } from './contract/users-admit.ts'
import { userEmailCases } from './contract/users-email.ts'
import { userListCases } from './contract/users-list.ts'

/**
 * The contract of a store as cases for a test runner: run it against a store of your own, and against a mix of ports.
 * Every case gets an empty store from `make`, and wherever callers can race, many start at once.
 *
 * ```ts
 * import { describe, it } from 'vitest'
 * import { storeContract } from 'sallyport/testing'
 *
 * storeContract({
 *   name: 'mine',
 *   api: { describe, it },
 *   make: async () => {
 *     const store = mine(await emptyDatabase())
 *     return { store, close: () => store.users.source.close() }
 *   },
 * })
 * ```
 *
 * Give `second` as well if the data can be reached from another process: atomicity within one process proves little.
 */
export function storeContract(options: StoreContractOptions): void {
  const to = cases(options)
  options.api.describe(`store contract: ${options.name}`, () => {
    sourceCases(to)
    userCases(to)
    userAdmitCases(to)
    userListCases(to)
    userEmailCases(to)
    credentialCases(to)
    sessionStartCases(to)
    sessionChangeCases(to)
    sessionRotateCases(to)
    sessionSeenCases(to)
    sessionEndCases(to)
    sessionDueCases(to)
    sessionListCases(to)
    denialCases(to)
    keyCases(to)
    serviceCases(to)
    ticketCases(to)
    counterCases(to)
    auditCases(to)
    erasingCases(to)
    auditOrderCases(to)
    settingCases(to)
  })
}
