/** Prints the value as JSON, or what `words` makes of it for people. */
export function print<T>(json: boolean | undefined, value: T, words: (value: T) => string): void {
  console.log(json ? JSON.stringify(value, null, 2) : words(value))
}

/** Columns, each as wide as its widest entry. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (row: readonly string[]) =>
    row
      .map((entry, column) => entry.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}

/** Whatever could move a cursor or turn the reading direction: names and addresses come from outside (LG-04). */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text from outside, fit for a terminal. */
export function plain(text: string): string {
  return text.replace(UNSAFE, '�')
}

const TIME = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone: 'UTC' })

/** `2026-11-20 23:50`, UTC. */
export function time(at: number): string {
  return TIME.format(at)
}

/** The line under a page that is not the last. */
export function more(nextCursor: string | null): string {
  return nextCursor === null ? '' : `\nmore: --cursor ${nextCursor}`
}
