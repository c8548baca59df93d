import { refused } from '../result.ts'

/** What is refused whatever is wrong with it, so that a stranger learns nothing (ER-04). */
export const MALFORMED = refused({ code: 'unauthenticated', presented: true })

/** A protected cookie that came more than once: whose value is whose cannot be told, so none is used (CK-07). */
export const DOUBLED = refused({
  code: 'unauthenticated',
  presented: true,
  detail: 'The cookie was sent more than once',
})

/** A token of good form that its key did not sign: what an operator wants to hear of (LG-06), and a stranger like any other. */
export const FORGED = refused({ code: 'unauthenticated', presented: true })
