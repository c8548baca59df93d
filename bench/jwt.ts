import { tokenCost } from './jwt/cost.ts'
import { memoryOfDenials } from './jwt/denials.ts'
import { bytesOnTheWire } from './jwt/wire.ts'
import type { Bench } from './lib/bench.ts'

export const jwt: Bench = {
  about: 'signed tokens: verifying, authenticating, issuing, their size, what denials take',
  patience: 20_000,
  async run(options) {
    const cost = await tokenCost(options)
    const wire = await bytesOnTheWire()
    const denials = await memoryOfDenials(options.quick ? 100_000 : 1_000_000)
    return { tables: [...cost.tables, wire, denials], bars: cost.bars }
  },
}
