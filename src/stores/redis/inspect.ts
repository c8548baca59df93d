import { systemClock } from '../../clock.ts'
import { StoreUnavailable } from '../../errors.ts'
import { connection } from './connection.ts'
import { answerOf, movedTo, openingFault } from './errors.ts'
import { allowed, type RedisServer, serverOf } from './facts.ts'
import { LAYOUT } from './layout.ts'
import { type Lanes, lanes } from './partition.ts'
import { type RedisOptions, settingsFrom } from './redis.ts'
import { type Address, nameOf, type Settings } from './settings.ts'

/** What a look at Redis tells. */
export type RedisInspection = {
  /** The server; of a Cluster, each that has a part of it and answers. */
  readonly servers: readonly [RedisServer, ...RedisServer[]]
  /** Host and port of those that were named, or belong to the Cluster, and do not answer. */
  readonly silent: readonly string[]
  /** Of a Cluster: whether somebody has each of its slots. Null where it may not be asked, or there is none. */
  readonly isWhole: boolean | null
  /** Whether the way to all of them stays on this machine. */
  readonly isLocal: boolean
  /** Whether it is encrypted; the certificate is checked then. */
  readonly isEncrypted: boolean
  /** Whether one of them takes commands from whoever has no password. */
  readonly isOpen: boolean
  /** What the data there was made for; null when there is none. `isOurs`: this version of the program can read it. */
  readonly held: { readonly partitions: number; readonly isOurs: boolean } | null
}

const SLOTS = 16_384

/** How often the way to a key is followed. */
const MOST_MOVES = 5

/**
 * Looks at a server or a Cluster without making or changing anything, also while it is used, and also at a replica.
 * @param url as for `redis()`
 * @throws ConfigurationError when what is given makes no sense, or the user may not in; `StoreUnavailable` when nobody answers, with the
 * code of the fault as its cause.
 */
export async function inspectRedis(
  url: string | readonly string[],
  options: RedisOptions = {},
): Promise<RedisInspection> {
  const settings = settingsFrom(url, options)
  const known = lanes((address) => connection(settings, address, systemClock))
  const strangers = lanes((address) =>
    connection({ ...settings, username: null, password: null }, address, systemClock),
  )
  try {
    const named = await asked(settings.addresses, known)
    const [first] = named.servers
    if (!first) throw unreachable(named.fault)
    const shards = first.server.isCluster ? await shardsOf(first.address, known) : null
    const others = (shards?.primaries ?? []).filter((one) => !settings.addresses.some((at) => isSame(at, one)))
    const more = await asked(others, known)
    // One of a Cluster may be named otherwise than the others call it.
    const all = [...named.servers, ...more.servers].filter(
      ({ server }, i, every) => every.findIndex((one) => one.server.id === server.id) === i,
    )
    const open = await Promise.all(all.map(({ address }) => isOpen(settings, address, strangers)))
    const [one, ...rest] = all.map(({ server }) => server) as [RedisServer, ...RedisServer[]]
    return {
      servers: [one, ...rest],
      silent: [...named.silent, ...more.silent].map(nameOf),
      isWhole: shards && shards.slots === SLOTS,
      isLocal: [...settings.addresses, ...others].every(({ host }) => isLocal(host)),
      isEncrypted: settings.tls,
      isOpen: open.includes(true),
      held: await heldAt(first.address, settings, known),
    }
  } catch (error) {
    throw openingFault(error, settings.where)
  } finally {
    known.close()
    strangers.close()
  }
}

type Asked = {
  readonly servers: readonly { readonly address: Address; readonly server: RedisServer }[]
  readonly silent: readonly Address[]
  /** Why the first of those that are silent is. */
  readonly fault: unknown
}

/** What a server answers that is not what was hoped for is a fault; that it does not answer is a finding. */
async function asked(addresses: readonly Address[], known: Lanes): Promise<Asked> {
  const answers = await Promise.all(
    addresses.map(async (address) => {
      try {
        return { address, server: await serverOf(address, known.to(address)), fault: null }
      } catch (fault) {
        if (answerOf(fault) !== null) throw fault
        return { address, server: null, fault }
      }
    }),
  )
  const silent = answers.filter((one) => one.server === null)
  return {
    servers: answers.flatMap(({ address, server }) => (server ? [{ address, server }] : [])),
    silent: silent.map(({ address }) => address),
    fault: silent[0]?.fault,
  }
}

function unreachable(fault: unknown): StoreUnavailable {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined
  const message = 'the Redis server cannot be reached'
  return code === undefined ? new StoreUnavailable(message) : new StoreUnavailable(message, { cause: { code } })
}

type Shard = readonly [first: number, last: number, primary: readonly [host: string | null, port: number]]

/** Who has the parts of a Cluster, and how many slots those are; null where this user may not ask. */
async function shardsOf(
  from: Address,
  known: Lanes,
): Promise<{ readonly primaries: readonly Address[]; readonly slots: number } | null> {
  const answer = (await allowed(known.to(from), 'CLUSTER', 'SLOTS')) as readonly Shard[] | null
  if (!Array.isArray(answer)) return null
  const primaries = new Map<string, Address>()
  let slots = 0
  for (const [first, last, [host, port]] of answer as readonly Shard[]) {
    const address = { host: host || from.host, port }
    primaries.set(nameOf(address), address)
    slots += last - first + 1
  }
  return { primaries: [...primaries.values()], slots }
}

/** Whether somebody who says nothing of who they are is let in. */
async function isOpen({ username, password }: Settings, address: Address, strangers: Lanes): Promise<boolean> {
  if (username === null && password === null) return true
  try {
    return (await strangers.to(address).send(['PING'])) === 'PONG'
  } catch {
    return false
  }
}

/** Read where the first partition is, as each says of how many it is one. */
async function heldAt(from: Address, { prefix }: Settings, known: Lanes): Promise<RedisInspection['held']> {
  let at = from
  for (let moves = 0; ; moves += 1) {
    try {
      const answer = await known.to(at).send(['HMGET', `{${prefix}:0}:feed`, 'partitions', 'layout'])
      const [partitions, layout] = answer as readonly (string | null)[]
      return typeof partitions === 'string'
        ? { partitions: Number(partitions), isOurs: Number(layout) === LAYOUT }
        : null
    } catch (error) {
      const moved = movedTo(error)
      if (!moved || moves >= MOST_MOVES) throw error
      at = { host: moved.host === '' ? at.host : moved.host, port: moved.port }
    }
  }
}

function isSame(one: Address, other: Address): boolean {
  return nameOf(one) === nameOf(other)
}

/** Whether the way to a host stays on this machine. */
export function isLocal(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host)
}
