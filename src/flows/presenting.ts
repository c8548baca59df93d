import type { RequestContext } from '../carrier.ts'
import { refused } from '../result.ts'
import type { Core } from './core.ts'
import { SPENT } from './tickets.ts'

type Presenting = Pick<Core, 'guesses' | 'recorder' | 'clock'>

/** Refused for a source that has guessed too much: of tokens of any kind, and of links. */
export function slowed({ guesses, clock }: Presenting, { source }: RequestContext) {
  if (!guesses.blocked(source, clock.now())) return null
  return refused({ code: 'throttled', retryAfter: guesses.retryAfter })
}

/** A link that opens nothing: taken down, and counted as a guess. */
export function spent({ guesses, recorder, clock }: Presenting, page: string, context: RequestContext): typeof SPENT {
  const now = clock.now()
  const so = guesses.miss(context.source, now)
  const happening = { outcome: 'failure', reason: 'spent', data: { page } } as const
  if (so === 'few') recorder.record({ type: 'link.refused', ...happening }, context, now)
  else if (so === 'limit') recorder.record({ type: 'token.guessing', ...happening }, context, now)
  return SPENT
}
