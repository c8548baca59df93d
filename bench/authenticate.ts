import { decisionCost } from './authenticate/decision.ts'
import { routeShare } from './authenticate/route.ts'
import type { Bench } from './lib/bench.ts'

export const authenticate: Bench = {
  about: 'what one authenticated request costs, and what is left of a route',
  patience: 15_000,
  async run(options) {
    const decision = await decisionCost(options)
    const route = await routeShare(options)
    return { tables: [...decision.tables, ...route.tables], bars: [...decision.bars, ...route.bars] }
  },
}
