/**
 * What our threads are begun with: nothing of what the program was begun with, whose first imports (tracing) and environment are not for them.
 */
export const BARE_THREAD = { execArgv: ['--disable-warning=ExperimentalWarning'], env: {} }
