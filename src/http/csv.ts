import type { Carrier } from '../carrier.ts'
import type { Result } from '../result.ts'
import type { Page } from '../store.ts'

/** How a list is written as a table: the name of each column, and what stands there. */
export type Columns<T> = Readonly<Record<string, (item: T) => string | number | boolean | null | undefined>>

const TYPE = 'text/csv'

/** Whether the client names CSV, and likes nothing we have better (RFC 9110 section 12.5.1). Wildcards get JSON. */
export function wantsCsv(carrier: Carrier): boolean {
  const accepted = (carrier.get('accept') ?? '').split(',')
  const liking = weight(accepted, TYPE)
  return liking > 0 && liking >= weight(accepted, 'application/json')
}

function weight(accepted: readonly string[], type: string): number {
  for (const entry of accepted) {
    const [name = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
    if (name !== type) continue
    const given = parameters.find((parameter) => parameter.startsWith('q='))
    const q = given === undefined ? 1 : Number(given.slice(2))
    return q >= 0 && q <= 1 ? q : 0
  }
  return 0
}

/**
 * A list as RFC 4180 has it, with a header, through all of its pages: the next is asked for when the client has taken the one
 * before, so that one page is held at a time, and none once the client is gone. A page that is refused, or cannot be had, breaks the
 * answer off: what is cut short must not look whole.
 */
export function csvAnswer<T>(
  name: string,
  columns: Columns<T>,
  first: Page<T>,
  after: (cursor: string) => Promise<Result<Page<T>>>,
) {
  const encoder = new TextEncoder()
  const values = Object.values(columns)
  let lines: readonly string[][] = [Object.keys(columns)]
  let page = first

  function text(): string {
    const rows = page.items.map((item) => values.map((of) => cell(of(item))))
    const all = [...lines, ...rows]
    lines = []
    return all.map((line) => `${line.join(',')}\r\n`).join('')
  }

  let next = text()
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (next === '' && page.nextCursor !== null) {
          const found = await after(page.nextCursor)
          if (!found.ok) return controller.error(new Error(found.refusal.code))
          page = found.value
          next = text()
        }
        if (next !== '') controller.enqueue(encoder.encode(next))
        next = ''
        if (page.nextCursor === null) controller.close()
      },
    },
    { highWaterMark: 0 },
  )
  const headers = {
    'Content-Type': `${TYPE}; charset=utf-8; header=present`,
    'Content-Disposition': `attachment; filename="${name}.csv"`,
    Vary: 'Accept',
  }
  return { stream, headers }
}

/**
 * A spreadsheet takes what begins with one of these for a formula, and runs it (OWASP, CSV injection): names and devices are what
 * strangers wrote. An apostrophe makes a text of it. Ids may begin with a hyphen, and stay as they are: with nothing but what ids are
 * made of, a formula can call nothing.
 */
const FORMULA = /^(?!-[A-Za-z0-9_-]*$)[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/

function cell(value: string | number | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value !== 'string') return String(value)
  const text = FORMULA.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
