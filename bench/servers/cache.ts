import type { Auth } from '../../src/index.ts'
import { answering } from '../lib/child.ts'
import { guard, openStore } from '../lib/guard.ts'
import { cookie, token } from '../lib/population.ts'

export type CacheSetup = { readonly file: string; readonly sessions: number }
/** Sessions `from`, `from + step`, … `passive`: looked at only, which leaves nothing to be written. */
export type Visits = {
  readonly from: number
  readonly step: number
  readonly count: number
  readonly passive: boolean
}

let auth: Auth

answering({
  async open({ file, sessions }: CacheSetup) {
    // One that is thrown away, so that code and its compilation are not counted as sessions.
    const before = await guard(await openStore('sqlite', file))
    await letIn(before, { from: 0, step: 1, count: 3_000, passive: false })
    await before.close()
    auth = await guard(await openStore('sqlite', file), { cache: { sessions } })
    return heap()
  },
  /** Lets them all in, and answers how many bytes are in use then. */
  async visit(visits: Visits) {
    await letIn(auth, visits)
    return heap()
  },
})

async function letIn(by: Auth, { from, step, count, passive }: Visits): Promise<void> {
  for (let i = 0; i < count; i++) {
    const header = cookie(token(from + i * step))
    const who = await by.authenticate({ get: (name) => (name === 'cookie' ? header : null) }, { passive })
    if (!who.ok) throw new Error(`refused: ${who.refusal.code}`)
  }
}

/** Bytes that JavaScript still needs, once what it does not need is gone. */
async function heap(): Promise<number> {
  // Long enough for buffered uses to be looked at.
  await new Promise((resolve) => setTimeout(resolve, 600))
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
