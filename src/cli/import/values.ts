/** What is at a path of a record, `_id.$oid`; undefined for nothing, an empty text and null. */
export function valueAt(record: Readonly<Record<string, unknown>>, path: string): unknown {
  const whole = Object.hasOwn(record, path) ? record[path] : path.split('.').reduce<unknown>(inside, record)
  return whole === null || whole === '' || whole === 'NULL' || whole === '\\N' ? undefined : whole
}

/** Texts that are objects, as a column of JSON in a file of CSV, are entered too. */
function inside(value: unknown, name: string): unknown {
  const object = typeof value === 'string' && value.startsWith('{') ? parsed(value) : value
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, name)) return undefined
  return (object as Record<string, unknown>)[name]
}

/** The value behind a JSON text; undefined when it is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const NO: readonly unknown[] = [undefined, false, 0, '0', 'false', 'f', 'no', 'n']

/** Whether something is so. A time at which it became so is a yes. */
export function truth(value: unknown): boolean {
  return !NO.includes(typeof value === 'string' ? value.toLowerCase() : value)
}

/** Of roles: a list, or a text with spaces, commas or the like between them; PostgreSQL puts braces around. */
export function words(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String)
  const list = typeof value === 'string' && value.startsWith('[') ? parsed(value) : undefined
  if (Array.isArray(list)) return list.map(String)
  return String(value)
    .split(/[\s,;|{}"]+/)
    .filter((word) => word !== '')
}

/** The smallest number that is milliseconds since 1970 and not seconds: as seconds it is the year 5138. */
const SECONDS_BELOW = 100_000_000_000

const TIME = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,](\d{1,9}))?)?\s?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i

/** Milliseconds since 1970 of a number of them, or of seconds, or of a time in words; without a zone it is UTC. NaN for anything else. */
export function moment(value: unknown): number {
  const text = String(value).trim()
  if (/^\d{1,16}$/.test(text)) return Number(text) < SECONDS_BELOW ? Number(text) * 1000 : Number(text)
  const [, day, minutes = '00:00', seconds = ':00', fraction = '0', zone = 'Z'] = TIME.exec(text) ?? []
  if (day === undefined) return Number.NaN
  const [, sign, hours, rest = '00'] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  return Date.parse(`${day}T${minutes}${seconds}.${fraction.slice(0, 3)}${sign ? `${sign}${hours}:${rest}` : 'Z'}`)
}
