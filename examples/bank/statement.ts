import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from 'hono'
import { auth, who } from './auth.ts'
import { books } from './books.ts'

/** A core system takes its time for every line, milliseconds. */
const PACE = Number(process.env.PACE ?? 40)

/** `/statement.csv`: a long answer to a short request. When the session is over it stops, wherever it is. */
export function statement(c: Context) {
  const { user, session } = who(c)
  const { number, balance } = books.accountOf(user.id, user.name || user.email)

  async function* lines() {
    const done = new AbortController()
    const signal = auth.whileSignedIn(session, done.signal)
    try {
      yield 'date,text,amount,balance\n'
      for (const { at, text, amount, balance } of books.entries(number).toReversed()) {
        await pause(PACE, null, { signal })
        yield `${[new Date(at).toISOString(), quoted(text), decimal(amount), decimal(balance)].join(',')}\n`
      }
      yield `,Balance,,${decimal(balance)}\n`
    } finally {
      done.abort()
    }
  }

  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header('Content-Disposition', `attachment; filename="statement-${number}.csv"`)
  return c.body(Readable.toWeb(Readable.from(encoded(lines()))) as ReadableStream)
}

async function* encoded(lines: AsyncIterable<string>) {
  const encoder = new TextEncoder()
  for await (const line of lines) yield encoder.encode(line)
}

/** A spreadsheet takes what begins like a formula for one. */
function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${harmless.replaceAll('"', '""')}"`
}

function decimal(amount: number): string {
  return (amount / 100).toFixed(2)
}
