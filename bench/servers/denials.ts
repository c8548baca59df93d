import { systemClock } from '../../src/clock.ts'
import { memory } from '../../src/index.ts'
import { denialsView } from '../../src/view/denials.ts'
import { answering } from '../lib/child.ts'
import { record } from '../lib/population.ts'

/** As many as one entry of a feed holds. */
const ENTRY = 500

/** A token's life, and what clocks may differ by. */
const LIFE_MS = 16 * 60_000

const view = () =>
  denialsView({ denials: memory().denials, clock: systemClock, life: () => LIFE_MS, onFault: () => {} })

let kept: ReturnType<typeof view> | null = null

answering({
  /** Denies once and throws it away, so that code and its compilation are not counted. Answers the bytes in use. */
  async begin() {
    deny(view(), 5_000)
    return heap()
  },
  /** Has so many sessions denied, and answers the bytes in use then. */
  async deny(count: number) {
    kept = view()
    deny(kept, count)
    const bytes = await heap()
    if (kept.size() !== count) throw new Error(`${kept.size()} are denied instead of ${count}`)
    return bytes
  },
})

function deny(to: ReturnType<typeof view>, count: number): void {
  const at = Date.now()
  for (let from = 0; from < count; from += ENTRY) {
    const sessions = Array.from({ length: Math.min(ENTRY, count - from) }, (_, i) => record(from + i, 0, at).id)
    to.apply({ kind: 'ended', sessions, reason: 'signed_out', at })
  }
}

/** Bytes that JavaScript still needs, once what it does not need is gone. */
async function heap(): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 100))
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
