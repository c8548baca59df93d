import type { Code, EndReason } from '../errors.ts'
import type { Text, TextsLike } from '../texts.ts'
import type { refusals } from './en/refusals.ts'

/** What people are told when something is refused, and when they were signed out. */
export type RefusalTexts = TextsLike<typeof refusals> & {
  readonly titles: Readonly<Record<Code, Text>>
  readonly ended: Readonly<Record<EndReason, Text>>
  readonly endedShort: Readonly<Record<EndReason, Text>>
}
