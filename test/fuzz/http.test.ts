import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { inParallel, send } from '../faults/support/client.ts'
import { cleanUp, dataFolder, startServer } from '../faults/support/server.ts'
import { GROWING, growth } from './support/growth.ts'
import { judged, judgedPage } from './support/judge.ts'
import { anyRequest, likelyRequest, pageRequest } from './support/requests.ts'
import { fuzzed } from './support/run.ts'
import { ALL_CRAFTED, speak, spoiltRequests } from './support/sockets.ts'
import { type Target, target } from './support/target.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const SEED = 20_261_120
const MINUTE = 60_000

let t: Target
beforeAll(async () => {
  t = await target()
})
afterAll(() => t.close())

describe('the API', () => {
  it(
    'ER-06, ER-01, ER-07, CS-06: any request gets an answer of the catalogue, and nothing of itself back',
    async () => {
      const seen = await fuzzed('anything', t, anyRequest, judged, { seed: SEED, runs: 9000 })
      for (const status of [200, 204, 400, 401, 403, 404, 405, 413, 414, 415]) {
        expect(
          [...seen.keys()].filter((name) => name.startsWith(String(status))),
          `${status}`,
        ).not.toEqual([])
      }
    },
    MINUTE,
  )

  it(
    'ER-05, ER-06: so does a request that is nearly good, by somebody who may ask',
    async () => {
      const seen = await fuzzed('nearly good', t, likelyRequest, judged, { seed: SEED, runs: 9000 })
      for (const name of ['200', '201', '204', '401 invalid_credentials', '409 email_taken', '422 email_invalid']) {
        expect([...seen.keys()]).toContain(name)
      }
      // Much of it gets all the way.
      expect((seen.get('200') ?? 0) + (seen.get('201') ?? 0) + (seen.get('204') ?? 0)).toBeGreaterThan(2000)
    },
    MINUTE,
  )
})

it(
  'ER-06, CS-09, CS-10: the pages repeat nothing but text, and lead nowhere else',
  async () => {
    const seen = await fuzzed('pages', t, pageRequest, judgedPage, { seed: SEED, runs: 3000 })
    for (const name of ['200', '303', '400', '403']) expect([...seen.keys()]).toContain(name)
  },
  MINUTE,
)

describe('time', () => {
  it(
    'ER-06: a request does not cost more than in proportion to its size',
    async () => {
      const slow: string[] = []
      for (const [name, size, make] of GROWING) {
        // A busy machine can make one measurement look anything; what is quadratic is so every time.
        let told = ''
        for (let attempt = 0; attempt < 6; attempt++) {
          const { small, large } = await growth(t, make, size)
          told = `${name}: ${small.toFixed(2)} ms, four times as much ${large.toFixed(2)} ms`
          // Quadratic is sixteen times as long. Twice the proportion, and a little for the machine, is not that.
          if (large <= small * 8 + 1) told = ''
          if (told === '') break
        }
        if (told !== '') slow.push(told)
      }
      expect(slow).toEqual([])
    },
    MINUTE,
  )
})

describe('the server', () => {
  afterAll(cleanUp)

  it(
    'ER-06: no bytes on its socket stop the process, get a 500, or hold it up',
    async () => {
      const server = await startServer(dataFolder())
      const spoken = [...ALL_CRAFTED, ...spoiltRequests(SEED, 300)]
      // These say half a request and nothing more, for as long as they are let.
      const began = performance.now()
      const slow = Array.from({ length: 10 }, () =>
        speak(server.port, ['GET /livez HTTP/1.1\r\nHost: x\r\nA:'], 60_000),
      )
      const ended = Promise.all(slow).then((heard) => ({ heard, ms: performance.now() - began }))
      const answers = await inParallel(spoken, 16, (pieces) => speak(server.port, pieces))
      for (const [i, answer] of answers.entries()) {
        const first = answer.split('\r\n')[0] ?? ''
        expect(first, JSON.stringify(spoken[i])).toMatch(/^$|^HTTP\/1\.1 [1-4]\d\d /)
        expect(answer).not.toMatch(/^HTTP\/1\.1 5/m)
      }
      expect(await send(server.url, 'GET', '/livez')).toMatchObject({ status: 200 })
      expect(await send(server.url, 'GET', '/readyz')).toMatchObject({ status: 200 })
      const { heard, ms } = await ended
      expect(ms).toBeLessThan(20_000)
      expect(new Set(heard.map((answer) => answer.split('\r\n')[0]))).toEqual(new Set(['HTTP/1.1 408 Request Timeout']))
      expect(server.isRunning()).toBe(true)
      expect(server.said()).not.toMatch(/expected|failed|error/i)
      expect(await server.stop()).toBe(0)
    },
    MINUTE,
  )
})
