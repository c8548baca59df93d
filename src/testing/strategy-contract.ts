import { atRestCases } from './strategy/at-rest.ts'
import { endingCases } from './strategy/endings.ts'
import { cases, type StrategyContractOptions } from './strategy/harness.ts'
import { identityCases } from './strategy/identity.ts'
import { keptCases } from './strategy/kept.ts'
import { lifetimeCases } from './strategy/lifetimes.ts'
import { localCases } from './strategy/local.ts'
import { migrationCases } from './strategy/migration.ts'
import { provingCases } from './strategy/proving.ts'
import { raceCases } from './strategy/races.ts'
import { signingOutCases } from './strategy/signing-out.ts'
import { strangerCases } from './strategy/strangers.ts'

/**
 * The promises that hold whichever way a session travels, as cases for a test runner: run it for each strategy, over each
 * store, by cookie and by bearer token. Every case gets an installation of two nodes or three over an empty store from `make`, under a
 * clock that stands still. What a strategy cannot promise by its nature is a skip that says why.
 *
 * ```ts
 * import { describe, it } from 'vitest'
 * import { hybrid, memory } from 'sallyport'
 * import { strategyContract } from 'sallyport/testing'
 *
 * strategyContract({
 *   name: 'hybrid, memory, cookie',
 *   api: { describe, it },
 *   strategy: hybrid(),
 *   transport: 'cookie',
 *   make: async () => {
 *     const store = memory()
 *     return { store, close: () => store.users.source.close() }
 *   },
 * })
 * ```
 *
 * The limits of the strategy have to be the usual ones: the cases know that an access token lasts no longer than 15 minutes.
 */
export function strategyContract(options: StrategyContractOptions): void {
  const to = cases(options)
  options.api.describe(`strategy contract: ${options.name}`, () => {
    identityCases(to)
    localCases(to)
    endingCases(to)
    raceCases(to)
    lifetimeCases(to)
    provingCases(to)
    signingOutCases(to)
    strangerCases(to)
    atRestCases(to)
    keptCases(to)
    migrationCases(to)
  })
}
