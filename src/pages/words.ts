import type { PageTexts } from '../texts/pages.ts'
import { fill, form, type Plural, type Text, type Tongue } from '../texts.ts'
import type { Markup } from './html.ts'
import { html } from './html.ts'

/** Units of time, longest first, milliseconds. */
const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

type Unit = (typeof UNITS)[number][0]

/** Moments and durations, as one language writes them. */
export type Words = {
  /** In at most two units and rounded down: `30 minutes`, `1 hour 30 minutes`, `14 days`. */
  duration(ms: number): string
  /** How long ago something was: `just now`, `5 minutes ago`. */
  ago(ms: number): string
  /** How soon something will be: `in 29 minutes`. What is over is `now`. */
  ahead(ms: number): string
  /** `20 Nov 2026, 23:50 UTC`. Without a script a page cannot know the reader's own time zone. */
  utc(at: number): string
  /** `20 November 2026`. */
  day(at: number): string
  /** A text that counts, in the form for the number. */
  counted(plural: Plural<'count'>, count: number): string
}

export function words(tongue: Tongue, texts: PageTexts['time']): Words {
  const { locale } = tongue
  const unit = (count: number, name: Unit) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(count)
  const list = new Intl.ListFormat(locale, { style: 'narrow', type: 'unit' })
  const relative = new Intl.RelativeTimeFormat(locale)
  const readable = new Intl.DateTimeFormat(locale, {
    ...({ day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' } as const),
    timeZone: 'UTC',
  })
  const long = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  return {
    duration(ms) {
      const at = UNITS.findIndex(([, length]) => ms >= length)
      const first = UNITS[at]
      if (!first) return texts.instant
      const second = UNITS[at + 1]
      const rest = ms % first[1]
      const begun = unit(Math.floor(ms / first[1]), first[0])
      return second && rest >= second[1] ? list.format([begun, unit(Math.floor(rest / second[1]), second[0])]) : begun
    },
    ago(ms) {
      if (ms < 60_000) return texts.justNow
      const [name, length] = UNITS.find(([, length]) => ms >= length) ?? UNITS[3]
      return relative.format(-Math.floor(ms / length), name)
    },
    ahead(ms) {
      if (ms < 1000) return texts.now
      const [name, length] = UNITS.find(([, length]) => ms >= 2 * length) ?? UNITS[3]
      return relative.format(Math.round(ms / length), name)
    },
    utc: (at) => fill(texts.utc, { moment: readable.format(at) }),
    day: (at) => long.format(at),
    counted: (plural, count) => fill<'count'>(form(tongue, plural, count), { count }),
  }
}

const SORTABLE = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'medium', timeZone: 'UTC' })

/** For the `datetime` attribute of `<time>`: `2026-11-20 23:50:00Z`. */
export function machineTime(at: number): string {
  return `${SORTABLE.format(at)}Z`
}

/** A moment in words, which a machine can read too. */
export function moment(at: number, words: string): Markup {
  return html`<time datetime="${machineTime(at)}">${words}</time>`
}

/** A text with markup in place of its names. */
export function marked<Name extends string>(text: Text<Name>, values: Readonly<Record<Name, Markup | string>>): Markup {
  const parts = text.split(/\{([a-zA-Z]+)\}/)
  return html`${parts.map((part, at) => (at % 2 === 0 ? part : ((values as Record<string, Markup | string>)[part] ?? '')))}`
}
