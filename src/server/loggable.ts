/** Members that hold a secret wherever they turn up, however they are written. Nothing logs them; this is for what somebody adds one day (LG-03). */
const SECRETS: ReadonlySet<string> = new Set([
  ...['password', 'newpassword', 'currentpassword', 'secret', 'pepper', 'captcha'],
  ...['authorization', 'cookie', 'set-cookie'],
  ...['token', 'accesstoken', 'refreshtoken', 'csrftoken'],
])

/** No text is longer, characters: a stack is, a name is not. */
const LONGEST = 4000

/** So many members of one object or list, and so many of them in each other, are told: no record is endless. */
const MEMBERS = 100
const DEPTH = 6

type Fields = Readonly<Record<string, unknown>>

/**
 * Fields as plain data that JSON can write, bounded, without secrets. Never throws: what cannot be told (a circle, a getter or `toJSON` that
 * throws) is a word in brackets, because a record that is lost for one field would hide what it was about.
 */
export function loggable(fields: Fields): Fields {
  try {
    return membersOf(fields, [fields])
  } catch {
    return { fields: '[unreadable]' }
  }
}

function membersOf(given: object, above: readonly object[]): Fields {
  const names = Object.keys(given)
  const told = names.slice(0, MEMBERS).flatMap((name) => {
    const value = SECRETS.has(name.toLowerCase()) ? '[redacted]' : toldOf(() => Reflect.get(given, name), name, above)
    return value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(names.length > MEMBERS ? [...told, ['…', `${names.length - MEMBERS} more`]] : told)
}

/** As `JSON.stringify` sees it; undefined for what that leaves out. */
function toldOf(read: () => unknown, name: string, above: readonly object[]): unknown {
  try {
    const value = read()
    if (typeof value !== 'object' || value === null) return plainOf(value)
    if (above.includes(value)) return '[circular]'
    if (above.length > DEPTH) return '[deeper]'
    const toJSON: unknown = Reflect.get(value, 'toJSON')
    const said: unknown = typeof toJSON === 'function' ? toJSON.call(value, name) : value
    return typeof said === 'object' && said !== null ? objectOf(said, [...above, value]) : plainOf(said)
  } catch {
    return '[unreadable]'
  }
}

function plainOf(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
      return value.slice(0, LONGEST)
    case 'bigint':
      return `${value}`
    case 'number':
      return Number.isFinite(value) ? value : null
    case 'function':
    case 'symbol':
      return undefined
    default:
      return value
  }
}

function objectOf(value: object, above: readonly object[]): unknown {
  if (!Array.isArray(value)) return membersOf(value, above)
  const told = value.slice(0, MEMBERS).map((one, at) => toldOf(() => one, `${at}`, above) ?? null)
  return value.length > MEMBERS ? [...told, `[${value.length - MEMBERS} more]`] : told
}
