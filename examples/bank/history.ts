const DAY = 86_400_000
const DAYS = 90

type Booking = { readonly at: number; readonly text: string; readonly amount: number }

/** What happened in a new account before it was opened: wages and rent, and coffee on the way. Oldest first. */
export function history(now: number): readonly Booking[] {
  return Array.from({ length: DAYS }, (_, day) => {
    const at = now - (DAYS - day) * DAY
    if (day % 30 === 0) return { at, text: 'Wages', amount: 240_000 }
    if (day % 30 === 3) return { at, text: 'Rent', amount: -95_000 }
    if (day % 7 === 5) return { at, text: 'Market hall', amount: -4_310 - ((day * 137) % 2_500) }
    return { at, text: 'Coffee by the pier', amount: -320 }
  })
}
