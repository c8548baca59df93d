import type { BenchOptions } from '../lib/bench.ts'
import type { Report } from '../lib/report.ts'
export async function routeShare(_: BenchOptions): Promise<Report> { return { tables: [], bars: [] } }
