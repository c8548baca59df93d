import type { Auth } from '../auth.ts'
import type { RequestContext } from '../carrier.ts'
import { StoreUnavailable } from '../errors.ts'

/** JSON values, one a line. */
export const PROGRESS_TYPE = 'application/x-ndjson'

/** Sessions that are ended together, and waited for once. */
const BATCH = 200

type Line = { readonly ended: number; readonly of: number; readonly done?: boolean; readonly code?: string }

/**
 * Ends these sessions and tells how far it is. It goes on when the client is gone: whoever asked for an ending may have left because of
 * what made them ask. Lines that nobody takes are not kept, but the last, which is written when everything it speaks of is settled.
 */
export function endingAnswer(auth: Auth, ids: readonly string[], context: RequestContext) {
  const encoder = new TextEncoder()
  let told: Line = { ended: 0, of: ids.length }
  let news: Line | null = told
  let wake = () => {}

  function tell(line: Line): void {
    told = line
    news = line
    wake()
  }

  async function run(): Promise<void> {
    let ended = 0
    for (let i = 0; i < ids.length; i += BATCH) {
      ended += await auth.endSeveral(ids.slice(i, i + BATCH), { context })
      tell({ ended, of: ids.length })
    }
    tell({ done: true, ended, of: ids.length })
  }

  run().catch((fault) => {
    if (!(fault instanceof StoreUnavailable)) auth.fault(fault, 'ending sessions')
    tell({ ...told, done: false, code: fault instanceof StoreUnavailable ? 'unavailable' : 'internal' })
  })

  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        if (news === null) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
        const line = news ?? told
        news = null
        controller.enqueue(encoder.encode(`${JSON.stringify(line)}\n`))
        if (line.done !== undefined) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  return { stream, headers: { 'Content-Type': `${PROGRESS_TYPE}; charset=utf-8`, 'X-Accel-Buffering': 'no' } }
}
