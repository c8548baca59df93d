import type { Bench } from './lib/bench.ts'
import { besideSignIns } from './sign-in/beside.ts'
import { signInRate } from './sign-in/rate.ts'

export const signIn: Bench = {
  about: 'how fast people sign in, and what everybody else feels of it',
  patience: 15_000,
  async run(options) {
    const rate = await signInRate(options)
    const beside = await besideSignIns(options)
    return { tables: [...rate.tables, ...beside.tables], bars: [...rate.bars, ...beside.bars] }
  },
}
