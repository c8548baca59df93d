import { answering } from '../lib/child.ts'
import { client, get } from '../lib/client.ts'

export type Arriving = {
  readonly port: number
  readonly cookies: readonly string[]
  readonly perSecond: number
  readonly seconds: number
}

/** Milliseconds from sending to the whole answer; `late`: how much later than due the requests were sent. */
export type Arrived = { readonly took: readonly number[]; readonly late: readonly number[]; readonly failed: number }

/**
 * Requests that arrive at a fixed rate whatever becomes of them, as people do: a server that stalls is asked on, and
 * every one that waits for it counts.
 */
answering({
  async arrive({ port, cookies, perSecond, seconds }: Arriving): Promise<Arrived> {
    const browser = client(port)
    const requests = cookies.map((cookie) => get('/', cookie))
    const total = Math.round(perSecond * seconds)
    const took: number[] = []
    const late: number[] = []
    const answers: Promise<void>[] = []
    let failed = 0
    const begun = performance.now()
    const dueAt = (i: number) => begun + (i * 1000) / perSecond

    async function sendOne(i: number): Promise<void> {
      const sent = performance.now()
      late.push(sent - dueAt(i))
      const status = await browser.send(requests[i % requests.length] as string).catch(() => 0)
      if (status === 200) took.push(performance.now() - sent)
      else failed += 1
    }

    for (let i = 0; i < total; ) {
      for (; i < total && dueAt(i) <= performance.now(); i++) answers.push(sendOne(i))
      if (i < total) await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueAt(i) - performance.now())))
    }
    await Promise.all(answers)
    browser.close()
    return { took, late, failed }
  },
})
