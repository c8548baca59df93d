import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { inParallel, send } from '../faults/support/client.ts'
import { cleanUp, dataFolder, startServer } from '../faults/support/server.ts'
import { judged, judgedPage } from '../fuzz/support/judge.ts'
import { anyRequest, likelyRequest, pageRequest } from '../fuzz/support/requests.ts'
import { fuzzed } from '../fuzz/support/run.ts'
import { speak, spoiltRequests } from '../fuzz/support/sockets.ts'
import { type Target, target } from '../fuzz/support/target.ts'
import { SEED } from './seed.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

let t: Target
beforeAll(async () => {
  t = await target()
})
afterAll(async () => {
  await t.close()
  await cleanUp()
})

it('ER-06, ER-01, ER-07, CS-06: any request gets an answer of the catalogue, and nothing of itself back', async () => {
  await fuzzed('anything', t, anyRequest, judged, { seed: SEED, runs: 150_000 })
})

it('ER-05, ER-06: so does a request that is nearly good, by somebody who may ask', async () => {
  await fuzzed('nearly good', t, likelyRequest, judged, { seed: SEED, runs: 150_000 })
})

it('ER-06, CS-09, CS-10: the pages repeat nothing but text, and lead nowhere else', async () => {
  await fuzzed('pages', t, pageRequest, judgedPage, { seed: SEED, runs: 50_000 })
})

it('ER-06: no bytes on its socket stop the process or get a 500', async () => {
  const server = await startServer(dataFolder())
  console.log(`sockets: 5000 conversations, seed ${SEED}`)
  const answers = await inParallel(spoiltRequests(SEED, 5000), 32, (pieces) => speak(server.port, pieces))
  for (const answer of answers) expect(answer).not.toMatch(/^HTTP\/1\.1 5/m)
  expect(await send(server.url, 'GET', '/livez')).toMatchObject({ status: 200 })
  expect(server.said()).not.toMatch(/expected|failed|error/i)
  expect(await server.stop()).toBe(0)
})
