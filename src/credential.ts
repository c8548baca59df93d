import type { UserId } from './user.ts'

/** What proves who someone is, as it is kept: one record of one kind. `record` holds no secret in clear (P6). */
export type Credential = {
  readonly userId: UserId
  /** `password`, later `passkey`, `totp`, … */
  readonly kind: string
  /** Several of a kind have different ids; a password's is empty. */
  readonly id: string
  readonly record: string
  /** Raised by every replacement; replacing names the one it read. */
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
  /** Set when too many failures disabled it (TH-01). */
  readonly disabledAt: number | null
}
