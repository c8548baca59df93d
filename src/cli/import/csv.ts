/** The fields of one record of CSV (RFC 4180); null when a quote is where none can be. */
export function fieldsOf(text: string, delimiter: string): readonly string[] | null {
  const fields: string[] = []
  for (let at = 0; ; ) {
    const field = text[at] === '"' ? quoted(text, at) : plain(text, at, delimiter)
    if (!field) return null
    fields.push(field.value)
    if (field.end >= text.length) return fields
    if (text[field.end] !== delimiter) return null
    at = field.end + 1
  }
}

type Field = { readonly value: string; readonly end: number }

function plain(text: string, at: number, delimiter: string): Field | null {
  const next = text.indexOf(delimiter, at)
  const end = next < 0 ? text.length : next
  const value = text.slice(at, end)
  return value.includes('"') ? null : { value, end }
}

function quoted(text: string, start: number): Field | null {
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at)
    if (quote < 0) return null
    if (text[quote + 1] !== '"') return { value: text.slice(start + 1, quote).replaceAll('""', '"'), end: quote + 1 }
    at = quote + 2
  }
}

/** What stands between the fields of a file with this first line: the most frequent of comma, semicolon and tabulator. */
export function delimiterOf(header: string): string {
  const count = (sign: string) => header.split(sign).length
  return [',', ';', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best))
}
