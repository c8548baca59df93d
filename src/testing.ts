/** `sallyport/testing`: the contracts as test suites, a clock that is moved by hand, and valid samples. */
export { type ManualClock, manualClock } from './testing/clock.ts'
export type { StoreContractOptions, TestApi } from './testing/contract/harness.ts'
export { type FeedContractOptions, feedContract } from './testing/feed-contract.ts'
export { idOf, sampleCredential, sampleEvent, sampleSession, sampleTicket, sampleUser } from './testing/samples.ts'
export { storeContract } from './testing/store-contract.ts'
