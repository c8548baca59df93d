import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { systemClock } from '../../src/index.ts'
import { answering } from '../lib/child.ts'
import { guard, openStore } from '../lib/guard.ts'

/** How far its clock is ahead, milliseconds: sessions expire when the bench wants it. */
let ahead = 0
let ended = 0

answering({
  async listen(file: string) {
    const clock = { ...systemClock, now: () => Date.now() + ahead }
    const auth = await guard(await openStore('sqlite', file), { clock })
    auth.on(({ type }) => {
      if (type === 'session.ended') ended += 1
    })
    const server = createServer(async ({ headers }, response) => {
      const who = await auth.authenticate({ get: (name) => headers[name] as string | undefined })
      response.writeHead(who.ok ? 200 : 401, { 'content-length': 2 }).end('ok')
    })
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  },
  /** Lets so many milliseconds pass at once; none sets the clock right again. */
  jump(ms: number) {
    ahead = ms
  },
  ended: () => ended,
})
