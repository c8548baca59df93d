import type { Report } from './report.ts'

/** `quick`: a shorter look, for the hand that just changed something. Its figures decide nothing. */
export type BenchOptions = { readonly quick: boolean; readonly folder: string }

export type Bench = {
  readonly about: string
  run(options: BenchOptions): Promise<Report>
}
