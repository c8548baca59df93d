import type { Auth } from '../../src/index.ts'
import { answering } from '../lib/child.ts'
import { guard, openStore } from '../lib/guard.ts'
import { cookie, token } from '../lib/population.ts'

export type CacheSetup = { readonly file: string; readonly sessions: number }
/** Sessions `from`, `from + step`, … */
export type Visits = { readonly from: number; readonly step: number; readonly count: number }

let auth: Auth

answering({
  async open({ file, sessions }: CacheSetup) {
    auth = await guard(await openStore('sqlite', file), { cache: { sessions } })
    return heap()
  },
  /** Lets them all in, and answers how many bytes are in use then. */
  async visit({ from, step, count }: Visits) {
    for (let i = 0; i < count; i++) {
      const header = cookie(token(from + i * step))
      const who = await auth.authenticate({ get: (name) => (name === 'cookie' ? header : null) })
      if (!who.ok) throw new Error(`refused: ${who.refusal.code}`)
    }
    return heap()
  },
})

/** Bytes that JavaScript still needs, once what it does not need is gone. */
async function heap(): Promise<number> {
  // Long enough for buffered uses to be looked at.
  await new Promise((resolve) => setTimeout(resolve, 600))
  for (let i = 0; i < 3; i++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
