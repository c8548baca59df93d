import type { Changed, Source } from './source.ts'
import type { Fields } from './user.ts'

/** What administrators have set, as a whole; `version` is 1 for the first, and one more with each change. */
export type Kept = { readonly version: number; readonly value: Fields }

export interface Settings {
  readonly source: Source
  /** The policy, null before the first change of it. */
  findPolicy(): Promise<Kept | null>
  /**
   * Replaces the policy, if its version is still `expected`, 0 where there is none. The feed has it whole. The value is what there is
   * after, null when the condition did not hold.
   */
  replacePolicy(expected: number, value: Fields): Promise<Changed<Kept>>
}
