/** How shells tell that a program was ended: 128 and the number of the signal. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const

type Signal = keyof typeof CODES

/** How long closing may take, milliseconds. */
const PATIENCE_MS = 5000

/**
 * Ends the command at SIGINT and SIGTERM, after `close`. Every change is one transaction, so that what was under way is done or not done at all.
 * @param first takes the first signal, if it is given; the second ends the command
 */
export function onSignals(first: ((signal: Signal) => void) | null, close: () => Promise<void>): { stop(): void } {
  let signals = 0
  const take = (signal: NodeJS.Signals): void => {
    signals += 1
    if (first && signals === 1) {
      first(signal as Signal)
      return
    }
    const end = () => process.exit(CODES[signal as Signal])
    if (signals > 2) end()
    console.error('interrupted: what was answered is done, the rest is not')
    setTimeout(end, PATIENCE_MS).unref()
    close().then(end, end)
  }
  for (const signal of Object.keys(CODES)) process.on(signal, take)
  return {
    stop() {
      for (const signal of Object.keys(CODES)) process.off(signal, take)
    },
  }
}

export function codeOf(signal: NodeJS.Signals): number {
  return CODES[signal as Signal] ?? 1
}
