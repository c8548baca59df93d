/** `sallyport/testing`: the contracts as test suites, a clock that is moved by hand, and valid samples. */
export { type ManualClock, manualClock } from './testing/clock.ts'
export type { StoreContractOptions, TestApi } from './testing/contract/harness.ts'
export { type FeedContractOptions, feedContract } from './testing/feed-contract.ts'
export {
  idOf,
  sampleCredential,
  sampleEvent,
  sampleKey,
  sampleService,
  sampleSession,
  sampleTicket,
  sampleUser,
} from './testing/samples.ts'
export { storeContract } from './testing/store-contract.ts'
export type { StrategyContractOptions } from './testing/strategy/harness.ts'
export { strategyContract } from './testing/strategy-contract.ts'
