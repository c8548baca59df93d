import { createClient } from '@redis/client'
import type { Clock } from '../../clock.ts'
import { StoreUnavailable } from '../../errors.ts'
import { within } from '../../view/within.ts'
import { type Address, nameOf, type Settings } from './settings.ts'

/** How long a server that could not be reached is not tried again, milliseconds. */
const PAUSE_MS = 50

/** One connection to one server, made when it is needed and made anew when it broke. Nothing is sent twice. */
export type Connection = {
  /** The answer of the server. Rejects with what it failed with. */
  send(command: readonly string[]): Promise<unknown>
  /**
   * Listens to a channel on the connection there is; nothing happens where that is done already. To be called again whenever
   * something was answered: a connection that was made anew listens to nothing. `hear` gets each message, and null where some
   * may have been missed.
   */
  listen(channel: string, hear: (message: string | null) => void): void
  close(): void
}

type Client = ReturnType<typeof createClient>

/**
 * Never connects. What it duplicates shares its class: made for other options than the last, a client takes 18 ms, in which a server that
 * finds its nodes again does nothing else.
 */
let model: Client | undefined

function clientOf(settings: Settings, { host, port }: Address): Client {
  const { username, password, tls, database, patience } = settings
  model ??= createClient({ maintNotifications: 'disabled' })
  return model.duplicate({
    ...(username !== null && { username }),
    ...(password !== null && { password }),
    database,
    name: 'sallyport',
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // A timer for each command would cost as much as the command. A connection that stands still is given up as a whole.
    commandOptions: { timeout: 0 },
    socket: tls
      ? { host, port, tls: true, ...named(host), connectTimeout: patience, reconnectStrategy: false }
      : { host, port, connectTimeout: patience, reconnectStrategy: false },
  })
}

/** Only names are asked for (RFC 6066 section 3); an address is looked for in the certificate all the same. */
function named(host: string): { readonly servername?: string } {
  return /^[\d.]+$|:/.test(host) ? {} : { servername: host }
}

export function connection(settings: Settings, address: Address, clock: Clock): Connection {
  const { patience } = settings
  let client: Client | null = null
  let connecting: Promise<Client> | null = null
  let failedAt = Number.NEGATIVE_INFINITY
  let closed = false
  /** Channels that the connection of now listens to, or is about to. */
  let heard = new Set<string>()
  /** Commands without an answer, and when the last thing was heard while there were some. */
  let unanswered = 0
  let heardAt = 0
  let watching = false

  function drop(which: Client): void {
    if (client === which) client = null
    if (which.isOpen) which.destroy()
  }

  /** Gives up a connection on which nothing has come for too long: a server that stands still closes none. */
  function watch(): void {
    if (watching) return
    watching = true
    clock.after(Math.max(1, patience - (clock.monotonic() - heardAt)), () => {
      watching = false
      if (unanswered === 0 || !client) return
      if (clock.monotonic() - heardAt >= patience) drop(client)
      else watch()
    })
  }

  async function connected(): Promise<Client> {
    if (clock.monotonic() - failedAt < PAUSE_MS) throw new StoreUnavailable(`${nameOf(address)} was not there just now`)
    const made = clientOf(settings, address)
    // It is told by the command that failed.
    made.on('error', () => {})
    made.on('end', () => drop(made))
    // Its slot went elsewhere, and may come back.
    made.on('sharded-channel-moved', (channel: string) => heard.delete(channel))
    try {
      // A server that stands still takes the connection, and does not greet.
      await within(clock, patience, made.connect())
    } catch (error) {
      failedAt = clock.monotonic()
      if (made.isOpen) made.destroy()
      throw error
    }
    if (closed) {
      made.destroy()
      throw new StoreUnavailable('the store is closed')
    }
    client = made
    heard = new Set()
    return made
  }

  function current(): Client | Promise<Client> {
    if (client?.isReady) return client
    connecting ??= connected().finally(() => {
      connecting = null
    })
    return connecting
  }

  async function answered<T>(answer: Promise<T>): Promise<T> {
    if (unanswered === 0) heardAt = clock.monotonic()
    unanswered += 1
    watch()
    try {
      return await answer
    } finally {
      unanswered -= 1
      heardAt = clock.monotonic()
    }
  }

  return {
    async send(command) {
      if (closed) throw new StoreUnavailable('the store is closed')
      const to = current()
      const ready = to instanceof Promise ? await to : to
      return await answered(ready.sendCommand(command))
    },
    listen(channel, hear) {
      const to = client
      const here = heard
      if (!to?.isReady || here.has(channel)) return
      here.add(channel)
      to.sSubscribe(channel, hear).then(
        () => hear(null),
        () => here.delete(channel),
      )
    },
    close() {
      closed = true
      if (client) drop(client)
    },
  }
}
