import type { Config } from '../config.ts'

/**
 * What of a file that is kept with the code should be nowhere near it (KM-08).
 * @param isThere whether a text stands in the file as it is, and is not read there from elsewhere
 */
export function exposedBy(
  { secret, database, redis, password, smtp, metrics, webhooks, keys }: Config,
  isThere: (value: string) => boolean,
): readonly string[] {
  const members = [
    ['secret', texts(secret)],
    ['password.pepper', texts(password?.pepper)],
    ['database', passwordsOf(database)],
    ['redis.url', passwordsOf(redis?.url)],
    ['smtp.url', passwordsOf(smtp?.url)],
    ['metrics.token', texts(metrics?.token)],
    ['webhooks', objects(webhooks).flatMap(({ secret }) => texts(secret))],
    ['keys.import', objects(keys?.import).flatMap(({ key }) => privateParts(key))],
  ] as const
  return members.filter(([, values]) => values.some(isThere)).map(([member]) => member)
}

function passwordsOf(urls: unknown): readonly string[] {
  return texts(urls).flatMap((url) => url.split(',').map((one) => URL.parse(one)?.password ?? ''))
}

/** A key as text, of which the second line is enough to know it by however lines end, or as a JWK (RFC 7518 section 6). */
function privateParts(key: unknown): readonly string[] {
  if (typeof key === 'string') return [key.split('\n').at(1) ?? key]
  const { d, k } = (key ?? {}) as Readonly<Record<string, unknown>>
  return [...texts(d), ...texts(k)]
}

function texts(value: unknown): readonly string[] {
  return [value].flat().filter((one) => typeof one === 'string')
}

/** What is no list of objects is told elsewhere. */
function objects(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return [value].flat().filter((one): one is Record<string, unknown> => typeof one === 'object' && one !== null)
}
