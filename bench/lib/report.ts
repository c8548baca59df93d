/** What a bench found out. Rows are for people and machines alike: the columns say how people see them. */
export type Report = {
  readonly tables: readonly Table[]
  readonly bars: readonly Bar[]
}

export type Table = {
  readonly title: string
  readonly columns: readonly Column[]
  readonly rows: readonly Row[]
  readonly notes?: readonly string[]
}

export type Column = { readonly key: string; readonly label: string; readonly digits?: number }
export type Row = Readonly<Record<string, string | number | null>>

/** A promise with a number. */
export type Bar = { readonly name: string; readonly wanted: string; readonly measured: string; readonly met: boolean }

/** Whole columns, numbers to the right. */
export function formatTable({ title, columns, rows, notes = [] }: Table): string {
  const cells = rows.map((row) => columns.map(({ key, digits }) => cell(row[key], digits)))
  const widths = columns.map(({ label }, i) => Math.max(label.length, ...cells.map((line) => line[i]?.length ?? 0)))
  const isNumber = columns.map(({ key }) => rows.every((row) => typeof row[key] !== 'string'))
  const line = (texts: readonly string[]) =>
    texts.map((text, i) => (isNumber[i] ? text.padStart(widths[i] ?? 0) : text.padEnd(widths[i] ?? 0))).join('   ')
  const head = line(columns.map(({ label }) => label))
  return [
    title,
    '',
    `  ${head.trimEnd()}`,
    `  ${'-'.repeat(head.length)}`,
    ...cells.map((texts) => `  ${line(texts).trimEnd()}`),
    ...notes.map((note) => `  ${note}`),
  ].join('\n')
}

export function formatBars(bars: readonly Bar[]): string {
  const rows = bars.map(({ name, wanted, measured, met }) => ({ name, wanted, measured, met: met ? 'yes' : 'NO' }))
  const columns = ['name', 'wanted', 'measured', 'met'].map((key) => ({ key, label: key }))
  return formatTable({ title: 'Bars', columns, rows })
}

function cell(value: string | number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'string'
    ? value
    : value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
