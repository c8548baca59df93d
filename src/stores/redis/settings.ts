import { ConfigurationError } from '../../errors.ts'

/** Where a server is. */
export type Address = { readonly host: string; readonly port: number }

/** How the servers are reached, and what is expected of them. */
export type Settings = {
  /** Those that are asked first; in a Cluster they tell where the others are. */
  readonly addresses: readonly [Address, ...Address[]]
  readonly username: string | null
  readonly password: string | null
  readonly tls: boolean
  readonly database: number
  /** Hosts and ports, for people. */
  readonly where: string
  /** What every key begins with. */
  readonly prefix: string
  readonly partitions: number
  /** Replicas that have a change before it is answered. */
  readonly replicas: number
  /** Milliseconds a connection or an answer is waited for. */
  readonly patience: number
}

const PREFIX = /^[A-Za-z0-9_.:-]{1,64}$/
const MOST_PARTITIONS = 1024

/** @throws ConfigurationError that says what to write instead, and nothing of the password. */
export function settingsOf(
  urls: readonly string[],
  given: Pick<Settings, 'prefix' | 'partitions' | 'replicas' | 'patience'>,
): Settings {
  const { prefix, partitions, replicas } = given
  if (!PREFIX.test(prefix)) {
    throw new ConfigurationError('redis() prefix is not plain: write 1 to 64 letters, digits and . _ : -')
  }
  if (!Number.isSafeInteger(partitions) || partitions < 1 || partitions > MOST_PARTITIONS) {
    throw new ConfigurationError(
      `redis() partitions is ${partitions}: write a whole number from 1 to ${MOST_PARTITIONS}`,
    )
  }
  if (!Number.isSafeInteger(replicas) || replicas < 0) {
    throw new ConfigurationError(`redis() replicas is ${replicas}: write a whole number from 0`)
  }
  const [first, ...more] = urls.map(urlOf)
  if (!first) throw notAnAddress()
  if (!more.every((one) => isAlike(first, one))) {
    throw new ConfigurationError(
      'redis() is given addresses that differ in more than the host and port: write the same user, password and rediss:// in each',
    )
  }
  const { protocol, username, password, pathname } = first
  const addresses = [addressOf(first), ...more.map(addressOf)] as const
  return {
    addresses,
    username: username === '' ? null : decoded(username),
    password: password === '' ? null : decoded(password),
    tls: protocol === 'rediss:',
    database: Number(pathname.slice(1)),
    where: addresses.map(nameOf).join(', '),
    ...given,
  }
}

export function nameOf({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

function urlOf(text: string): URL {
  const url = typeof text === 'string' && /^rediss?:\/\//i.test(text) ? URL.parse(text) : null
  // What stands in a password and ends it would be shown as the host or the number of the database.
  const isPlain =
    url && url.hash === '' && url.search === '' && /^\/?\d{0,5}$/.test(url.pathname) && url.hostname !== ''
  if (!isPlain) throw notAnAddress()
  return url
}

/** One user is used at all of them; those behind the first need not repeat who it is. */
function isAlike(first: URL, { protocol, username, password, pathname }: URL): boolean {
  const isSameUser =
    (username === '' && password === '') || (username === first.username && password === first.password)
  return protocol === first.protocol && isSameUser && Number(pathname.slice(1)) === Number(first.pathname.slice(1))
}

/** A % that stands for nothing but itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw notAnAddress()
  }
}

function addressOf({ hostname, port }: URL): Address {
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: port === '' ? 6379 : Number(port) }
}

function notAnAddress(): ConfigurationError {
  return new ConfigurationError(
    'redis() is not given the address of a server: write redis://user:password@host:6379, or rediss:// for TLS, with %23 %25 %2C %2F %3F %40 for # % , / ? @ in the password',
  )
}
