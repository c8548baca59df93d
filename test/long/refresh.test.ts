import { describe, it, vi } from 'vitest'
import { memory } from '../../src/stores/memory/memory.ts'
import { neverSignedOut, theftEnds } from '../refresh/model/properties.ts'
import { withServers } from '../refresh/model/servers.ts'
import { opened } from '../stores/sqlite-fixture.ts'
import { SEED } from './seed.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

describe.each([
  { name: 'memory', store: async () => memory(), honest: 60_000, robbed: 20_000, commands: 30 },
  { name: 'SQLite', store: () => opened(), honest: 16_000, robbed: 4000, commands: 12 },
])(`refreshing, seen beside a model, over two servers and $name (seed ${SEED})`, ({ store, commands, ...runs }) => {
  it('P4, RT-01, RT-03, RT-04, RT-05, RT-11: nothing that becomes of refreshes signs their owner out', async () => {
    await withServers(await store(), (s) => neverSignedOut(s, { seed: SEED, runs: runs.honest, commands }))
  })

  it('RT-02, P4: a theft ends, whoever comes first, and both are out', async () => {
    await withServers(await store(), (s) => theftEnds(s, { seed: SEED, runs: runs.robbed, commands }))
  })
})
