/** Units of time, longest first, milliseconds. */
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** A duration for people, in at most two units and rounded down: `30 minutes`, `1 hour 30 minutes`, `14 days`. */
export function inWords(ms: number): string {
  const at = UNITS.findIndex(([, length]) => ms >= length)
  const first = UNITS[at]
  if (!first) return 'less than a second'
  const second = UNITS[at + 1]
  const rest = ms % first[1]
  const words = counted(Math.floor(ms / first[1]), first[0])
  return second && rest >= second[1] ? `${words} ${counted(Math.floor(rest / second[1]), second[0])}` : words
}

/** How long ago something was: `just now`, `5 minutes ago`. */
export function ago(ms: number): string {
  return ms < 60_000 ? 'just now' : `${largest(ms)} ago`
}

/** How soon something will be, to the minute: `in 29 minutes`. What is over is `now`. */
export function ahead(ms: number): string {
  if (ms < 1000) return 'now'
  return `in ${inWords(ms < 60_000 ? ms : Math.round(ms / 60_000) * 60_000)}`
}

function largest(ms: number): string {
  const [name, length] = UNITS.find(([, unit]) => ms >= unit) ?? UNITS[3]
  return counted(Math.floor(ms / length), name)
}

function counted(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

const READABLE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const SORTABLE = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' })

/** `20 Nov 2026, 23:50 UTC`. Without a script a page cannot know the reader's own time zone. */
export function utc(at: number): string {
  return `${READABLE.format(at)} UTC`
}

/** The same for the `datetime` attribute of `<time>`: `2026-11-20 23:50:00Z`. */
export function machineTime(at: number): string {
  return `${SORTABLE.format(at)}Z`
}
