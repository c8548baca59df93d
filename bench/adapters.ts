import { frameworkShares } from './adapters/share.ts'
import type { Bench } from './lib/bench.ts'

export const adapters: Bench = {
  about: 'what is left of a route in each framework when it is protected',
  patience: 15_000,
  run: frameworkShares,
}
