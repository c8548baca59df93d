/** What Vitest's JSON reporter writes, as far as it is read here. */
export type TestReport = {
  readonly success: boolean
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

export type Outcome = { readonly passed: number; readonly failed: number; readonly skipped: number }

/**
 * What a run came to. A file that did not load is a failure though no test of it failed, and so is a run that failed
 * for another reason; `report` is null when the runner wrote none.
 */
export function outcome(report: TestReport | null, failedSteps: number): Outcome {
  if (!report) return { passed: 0, failed: 1 + failedSteps, skipped: 0 }
  const broken = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = report.numFailedTests + broken
  const hidden = !report.success && failed === 0 ? 1 : 0
  return {
    passed: report.numPassedTests,
    failed: failed + hidden + failedSteps,
    skipped: report.numPendingTests + report.numTodoTests,
  }
}

/** The line a run closes with: `12 passed, 0 failed`, and `, 1 skipped` when something was. */
export function closingLine({ passed, failed, skipped }: Outcome): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
