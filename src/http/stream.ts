import type { Clock } from '../clock.ts'

/** A comment now and then, so that nothing on the way takes the stream for dead, milliseconds. */
const KEEP_ALIVE_MS = 20_000

/** How soon a client should come back after a lost stream, milliseconds. */
const RETRY_MS = 2000

/** Chunks that may wait for a client that does not read; one more and it is gone. */
const MAX_WAITING = 64

/** One event of a stream: `data` goes out as JSON. `last` closes it. */
export type StreamEvent = { readonly event: string; readonly data: unknown; readonly last?: true }

/**
 * A `text/event-stream` of what `source` emits, until it emits the last event or the client is gone. `source` returns
 * its cancellation, which is called once in either case, and may emit at once.
 */
export function eventStream(
  clock: Clock,
  source: (emit: (event: StreamEvent) => void) => () => void,
  onClose: () => void,
) {
  const encoder = new TextEncoder()
  let over = false
  let count = 0
  let cancelSource: (() => void) | null = null
  let cancelTimer = () => {}

  function finish(): void {
    if (over) return
    over = true
    cancelTimer()
    cancelSource?.()
    onClose()
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        function write(text: string): void {
          if (over) return
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(text))
          else close()
        }
        function close(): void {
          if (over) return
          finish()
          controller.close()
        }
        function keepAlive(): void {
          write(': still here\n\n')
          if (!over) cancelTimer = clock.after(KEEP_ALIVE_MS, keepAlive)
        }

        function emit({ event, data, last }: StreamEvent): void {
          count += 1
          write(`id: ${count}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
          if (last) close()
        }

        write(`retry: ${RETRY_MS}\n\n`)
        cancelTimer = clock.after(KEEP_ALIVE_MS, keepAlive)
        try {
          const cancel = source(emit)
          if (over) cancel()
          else cancelSource = cancel
        } catch (fault) {
          finish()
          throw fault
        }
      },
      cancel: finish,
    },
    { highWaterMark: MAX_WAITING },
  )
}
