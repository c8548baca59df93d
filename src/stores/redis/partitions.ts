import { sha256 } from '../../crypto.ts'
import type { Partition } from './partition.ts'
import { script } from './script.ts'

/** Takes a name for what is kept in a partition of another: with it, the partition's number and for how long. False: it is taken. */
const CLAIM = script('', `return call('SET', base .. 'p:' .. ARGV[1], ARGV[2], 'NX', 'PX', ARGV[3]) and 1 or 0`)
const WHERE = script('allow-oom', `return call('MGET', unpack(ARGV))`)
const RELEASE = script('allow-oom', `for _, id in ipairs(ARGV) do call('DEL', base .. 'p:' .. id) end`)

/**
 * Which partition something is in. Sessions are beside the others of their user, so that one script can hold the limit and end them
 * all; where there are several partitions, a key named after the session says which. It is written before the session and never
 * changed, so what it says is true or leads to nothing.
 */
export type Partitions = {
  readonly all: readonly Partition[]
  /** By the name itself: of a user, a ticket, a counter, a denial. */
  of(name: string): Partition
  /** Where a session is; null when there is none. */
  where(session: string): Promise<Partition | null>
  /** Sessions by where they are; those that are nowhere are left out. */
  among<T extends { readonly id: string }>(sessions: readonly T[]): Promise<ReadonlyMap<Partition, readonly T[]>>
  /** Takes the name of a session that is about to be kept in a partition. False when there is or was one. */
  claim(session: string, place: Partition, ttl: number): Promise<boolean>
  /** Sessions were forgotten. */
  release(sessions: readonly string[]): Promise<void>
}

export function partitions(all: readonly [Partition, ...Partition[]]): Partitions {
  const [only] = all
  const of = (name: string) =>
    all.length === 1 ? only : (all[Number.parseInt(sha256(name).slice(0, 8), 16) % all.length] as Partition)

  function grouped<T>(items: readonly T[], placeOf: (item: T, i: number) => Partition | null): Map<Partition, T[]> {
    const groups = new Map<Partition, T[]>()
    for (const [i, item] of items.entries()) {
      const place = placeOf(item, i)
      if (place) groups.set(place, [...(groups.get(place) ?? []), item])
    }
    return groups
  }

  if (all.length === 1) {
    return {
      all,
      of,
      where: async () => only,
      among: async (sessions) => (sessions.length === 0 ? new Map() : new Map([[only, sessions]])),
      claim: async () => true,
      release: async () => {},
    }
  }
  return {
    all,
    of,
    async where(session) {
      const at = of(session)
      const [found] = (await at.run(WHERE, [at.key(`p:${session}`)])) as readonly (string | null)[]
      return found === null ? null : (all[Number(found)] ?? null)
    },
    async among(sessions) {
      const places = new Map<string, Partition | null>()
      const asked = [...grouped(sessions, ({ id }) => of(id))].map(async ([at, some]) => {
        const found = await at.run(
          WHERE,
          some.map(({ id }) => at.key(`p:${id}`)),
        )
        for (const [i, number] of (found as readonly (string | null)[]).entries()) {
          places.set((some[i] as { id: string }).id, number === null ? null : (all[Number(number)] ?? null))
        }
      })
      await Promise.all(asked)
      return grouped(sessions, ({ id }) => places.get(id) ?? null)
    },
    async claim(session, place, ttl) {
      return (await of(session).run(CLAIM, [session, place.index, ttl], true)) === 1
    },
    async release(sessions) {
      await Promise.all([...grouped(sessions, of)].map(([at, some]) => at.run(RELEASE, some)))
    },
  }
}
