const FORMAT = new Intl.NumberFormat('en-IE', { style: 'currency', currency: 'EUR' })

/** Cents as they are read. */
export function euros(cents: number): string {
  return FORMAT.format(cents / 100)
}

/** What somebody wrote, in cents; null for what is no amount, or nothing. */
export function cents(text: string): number | null {
  const match = /^(\d{1,7})(?:[.,](\d{1,2}))?$/.exec(text.trim())
  if (!match) return null
  const amount = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return amount > 0 ? amount : null
}

export function day(at: number): string {
  return new Intl.DateTimeFormat('en-IE', { dateStyle: 'medium', timeZone: 'UTC' }).format(at)
}
