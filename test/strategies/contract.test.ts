import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { hybrid, jwt, memory, session } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'
import { strategyContract } from '../../src/testing.ts'

const api = { describe, it }

const STRATEGIES = { session: session(), hybrid: hybrid(), jwt: jwt() }

/** That what was stored survives a loss of power is shown elsewhere: here no disk has to be waited for. */
const PLACE = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

const STORES = {
  memory: async () => {
    const store = memory()
    return { store, close: () => store.users.source.close() }
  },
  sqlite: async () => {
    const folder = mkdtempSync(join(PLACE, 'sallyport-strategy-'))
    const store = sqlite(join(folder, 'auth.db'))
    return {
      store,
      dump: async () =>
        Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file)))).toString('latin1'),
      async close() {
        await store.users.source.close()
        rmSync(folder, { recursive: true, force: true })
      },
    }
  },
}

for (const [by, strategy] of Object.entries(STRATEGIES)) {
  for (const [at, make] of Object.entries(STORES)) {
    for (const transport of ['cookie', 'bearer'] as const) {
      strategyContract({ name: `${by}, ${at}, ${transport}`, api, strategy, transport, make })
    }
  }
}
