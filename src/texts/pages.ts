import type { TextsLike } from '../texts.ts'
import type { pages } from './en/pages.ts'

/** Every text of the hosted pages. */
export type PageTexts = TextsLike<typeof pages>
