import { randomText } from '../crypto.ts'
import type { AuditLog } from '../store.ts'
import type { Endpoint, Post, WebhookStanding } from '../webhook.ts'
import type { Core } from './core.ts'
import { type Line, line } from './webhook-line.ts'

export type Webhooks = {
  /** Begins to deliver what happens from now on, or what was left when this was last up. */
  start(): Promise<void>
  standing(): readonly WebhookStanding[]
  stop(): Promise<void>
}

/** What sends; loaded with the first endpoint. */
export type Sending = { readonly post: Post; close(): void }

/**
 * Sends events to the endpoints, off the path of every request. The audit log is the queue: what is waiting is in the database,
 * and how far an endpoint has come as well, so a crash loses nothing that was recorded, and may send one event again.
 */
export function webhooks(
  core: Pick<Core, 'clock' | 'recorder'> & { readonly audit: AuditLog },
  endpoints: readonly Endpoint[],
  load: () => Promise<Sending>,
): Webhooks {
  const node = randomText(12)
  let lines: readonly Line[] = []
  let sending: Sending | null = null
  let quiet = () => {}

  return {
    async start() {
      if (endpoints.length === 0 || lines.length > 0) return
      sending ??= await load()
      const { post } = sending
      // A reader that is new begins here, on whichever node it is served.
      await Promise.all(endpoints.map(({ reader }) => core.audit.place(reader)))
      lines = endpoints.map((endpoint) => line({ ...core, endpoint, post, node }))
      quiet = core.recorder.listen(({ type }) => {
        for (const one of lines) if (one.endpoint.wants(type)) one.hurry()
      })
      for (const one of lines) one.start()
    },
    standing: () => lines.map((one) => one.standing()),
    async stop() {
      quiet()
      const stopping = lines.map((one) => one.stop())
      sending?.close()
      await Promise.all(stopping)
    },
  }
}
