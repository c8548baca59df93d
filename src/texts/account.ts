import type { TextsLike } from '../texts.ts'
import type { account } from './en/account.ts'

/** Every text of the account page. */
export type AccountTexts = TextsLike<typeof account>
