/** How long an answer is kept for others, milliseconds: less than whoever waits for it waits anyway, when there are so many. */
const KEPT_MS = 50

/** How far a thread has got: how many more it was asked for, and when this one was begun and done, monotonic milliseconds. */
export type Progress = { readonly waiting: number; readonly began: number; readonly now: number }

/**
 * Tells of several answers at once, while there is more to do than there are answers kept: hashing takes the caches from everything else, so
 * what the event loop does for a sign-in costs half as much where it does it for four in one turn (decision 31). Whoever is told
 * asks for as many again before the thread is through with the rest, so it is not idle meanwhile.
 */
export function telling<Answer>(tell: (answers: readonly Answer[]) => void) {
  let kept: Answer[] = []
  let since = 0
  return (answer: Answer, { waiting, began, now }: Progress): void => {
    if (kept.push(answer) === 1) since = now
    // The next one takes about as long as this one did.
    const isSoon = now - since + (now - began) <= KEPT_MS
    if (waiting > kept.length && isSoon) return
    const answers = kept
    kept = []
    tell(answers)
  }
}
