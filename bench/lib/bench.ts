import type { calm } from './calm.ts'
import type { Report } from './report.ts'

/** `quick`: a shorter look, for the hand that just changed something. Its figures decide nothing. */
export type BenchOptions = { readonly quick: boolean; readonly folder: string; readonly calm: ReturnType<typeof calm> }

export type Bench = {
  readonly about: string
  /** How long measuring again may take when others are busy, milliseconds. */
  readonly patience: number
  run(options: BenchOptions): Promise<Report>
}
