import { StoreUnavailable } from '../../errors.ts'
import type { Connection } from './connection.ts'
import { answerOf, faultOf, movedTo } from './errors.ts'
import type { Script } from './script.ts'
import { type Address, nameOf, type Settings } from './settings.ts'

/** How often a command follows where a Cluster says it has to go. */
const MOST_MOVES = 5

/** How long the replicas are waited for at the most, milliseconds; what comes after it on the connection waits too. */
const REPLICAS_MS = 1000

/** The connections of one purpose, one to each server. */
export type Lanes = { to(address: Address): Connection; close(): void }

export function lanes(make: (address: Address) => Connection): Lanes {
  const made = new Map<string, Connection>()
  return {
    to(address) {
      const name = nameOf(address)
      const known = made.get(name) ?? make(address)
      made.set(name, known)
      return known
    },
    close() {
      for (const one of made.values()) one.close()
      made.clear()
    },
  }
}

/** A part of the data that has one hash tag, and so is in one place. */
export type Partition = {
  readonly index: number
  /** Runs a script on it. `written`: it changes what has to survive the server, so replicas are waited for where that is asked. */
  run(script: Script, given: readonly (string | number)[], written?: boolean): Promise<unknown>
  /** The key of this name. */
  key(name: string): string
  /** Listens on whatever server the partition was found last; see `Connection.listen`. */
  listen(channel: string, hear: (message: string | null) => void): void
}

export function partition(settings: Settings, index: number, lane: Lanes): Partition {
  const { addresses, replicas } = settings
  const base = `{${settings.prefix}:${index}}:`
  const feed = `${base}feed`
  let tried = 0
  /** Where it was found; null: not known, so the next of the first addresses is asked. */
  let found: Address | null = null

  const here = (): Address => found ?? (addresses[tried % addresses.length] as Address)

  /** The place is not there any more: a Cluster has another one for it by now, and any of its nodes says which. */
  function lost(): void {
    found = null
    tried += 1
  }

  async function sent(to: Connection, what: Script, given: readonly string[]): Promise<unknown> {
    try {
      return await to.send(['EVALSHA', what.sha, '1', feed, ...given])
    } catch (error) {
      if (answerOf(error) !== 'NOSCRIPT') throw error
      return await to.send(['EVAL', what.text, '1', feed, ...given])
    }
  }

  async function sentWhereItIs(what: Script, given: readonly string[]): Promise<[value: unknown, to: Connection]> {
    for (let moves = 0; ; moves += 1) {
      const address = here()
      const to = lane.to(address)
      try {
        const value = await sent(to, what, given)
        found = address
        return [value, to]
      } catch (error) {
        const moved = movedTo(error)
        if (moved && moves < MOST_MOVES) {
          found = { host: moved.host === '' ? address.host : moved.host, port: moved.port }
          continue
        }
        if (answerOf(error) === null || moved) lost()
        throw faultOf(error)
      }
    }
  }

  /**
   * What the replicas do not have may be gone with the server: it is not answered. A server asks them for everything that it had written when
   * it carried out the last command of this connection, so who finds a thing done by somebody else waits for that too.
   */
  async function confirmed(to: Connection): Promise<void> {
    const most = Math.ceil(Math.min(REPLICAS_MS, settings.patience / 2))
    const copies = await to.send(['WAIT', `${replicas}`, `${most}`]).catch((error) => {
      throw faultOf(error)
    })
    if (Number(copies) >= replicas) return
    throw new StoreUnavailable(`a change was not confirmed by ${replicas} replicas of the Redis server`)
  }

  return {
    index,
    key: (name) => base + name,
    async run(what, given, written = false) {
      const [value, to] = await sentWhereItIs(what, given.map(String))
      if (written && replicas > 0) await confirmed(to)
      return value
    },
    listen(channel, hear) {
      if (found) lane.to(found).listen(channel, hear)
    },
  }
}
