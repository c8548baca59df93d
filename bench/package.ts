import type { Bench } from './lib/bench.ts'
import { installations, sizes } from './package/installations.ts'
import { starting } from './package/starting.ts'

export const packaged: Bench = {
  about: 'what an installation takes, and how long it takes to load',
  patience: 20_000,
  async run(options) {
    const at = installations(options.folder)
    const size = sizes(at)
    const time = await starting(at, options)
    return { tables: [...size.tables, ...time.tables], bars: [...size.bars, ...time.bars] }
  },
}
