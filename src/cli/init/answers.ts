import type { StrategyName } from '../../config.ts'

export const DATABASES = ['sqlite', 'postgres'] as const

/** What a configuration is written from. */
export type Answers = {
  readonly strategy: StrategyName
  readonly database: (typeof DATABASES)[number]
  /** Where people reach the server in production; null while nobody knows. */
  readonly url: string | null
  readonly signUp: 'open' | 'closed'
  /** Names of the product and the company, which no password may be made of. */
  readonly names: readonly string[]
}

export const USUAL: Answers = { strategy: 'hybrid', database: 'sqlite', url: null, signUp: 'open', names: [] }
