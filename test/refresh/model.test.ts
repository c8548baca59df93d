import { describe, expect, it, vi } from 'vitest'
import { memory } from '../../src/stores/memory/memory.ts'
import { opened } from '../stores/sqlite-fixture.ts'
import { fixed } from '../support/property.ts'
import { mirrored, neverSignedOut, theftEnds } from './model/properties.ts'
import { withServers } from './model/servers.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

/** Of the property alone, so that a failure still has the time to be told. */
const WITHIN = 200_000
const TIMEOUT = 240_000

const STORES = [
  { name: 'memory', store: async () => memory(), honest: 6800, robbed: 1200, mirrored: 100, commands: 16 },
  { name: 'SQLite', store: () => opened(), honest: 1500, robbed: 500, mirrored: 30, commands: 8 },
] as const

const extent = (runs: number, commands = 0) => ({ ...fixed(runs), runs, commands, within: WITHIN })

describe.each(STORES)(
  'refreshing, seen beside a model, over two servers and $name',
  ({ name, store, commands, ...runs }) => {
    it(
      `P4, RT-01, RT-03, RT-04, RT-05, RT-11: nothing that becomes of refreshes signs their owner out (${name})`,
      async () => {
        const { counts } = await withServers(await store(), (s) => neverSignedOut(s, extent(runs.honest, commands)))
        for (const met of MET) expect(counts[met], met).toBeGreaterThan(runs.honest / 1000)
      },
      TIMEOUT,
    )

    it(
      `RT-02, P4: a theft ends, whoever comes first, and both are out (${name})`,
      async () => {
        const { counts } = await withServers(await store(), (s) => theftEnds(s, extent(runs.robbed, commands)))
        for (const met of STOLEN) expect(counts[met], met).toBeGreaterThan(runs.robbed / 20)
        expect(counts['both out']).toBeGreaterThan(runs.robbed / 4)
      },
      TIMEOUT,
    )

    it(
      `RT-04: a thief that asks again inside the window of every rotation is not found out; one that it misses ends both (${name})`,
      async () => {
        await withServers(await store(), (s) => mirrored(s, extent(runs.mirrored)))
      },
      TIMEOUT,
    )
  },
)

/** Random lives prove nothing of what they never meet. */
const MET = [
  'used',
  'advanced',
  'same again',
  'child again',
  'answer lost by a crash',
  'crashed before it was written',
  'retried after 2 s',
  'retried after 600 s',
  'retried after 28800 s',
]
const STOLEN = ['stolen, +5 s', 'stolen, +10 min', 'stolen, first']
