import { once } from 'node:events'
import { type AddressInfo, createServer, Socket } from 'node:net'

export type Direction = 'toServer' | 'toClient' | 'both'

/** A wire between clients and a server that can be slow, stand still, be cut, and be counted on. */
export type TcpProxy = {
  /** On 127.0.0.1. */
  readonly port: number
  /** The same URL, by way of the proxy. */
  through(url: string): string
  /** What arrives from now on is passed on so many milliseconds later, and never before what arrived earlier. */
  delay(ms: number, direction?: Direction): void
  /** Resets all connections, on both sides, and says how many those were. */
  drop(): number
  /** New connections lead to this port of the same machine; those that stand are left alone. */
  lead(port: number): void
  /** Whether new connections are reset as soon as they are made. Those that stand are left alone. */
  refuse(on: boolean): void
  /**
   * A partition: bytes, ends and resets are held, and the connections stay open. New ones are accepted, as a listening
   * socket's kernel would, but the server does not see them while the way to it is frozen. All goes on in order after.
   */
  freeze(on: boolean, direction?: Direction): void
  counts(): Counts
  /** What clients have asked of a PostgreSQL server, if they spoke without TLS. */
  commands(): Commands
  /** Ends all connections, and listening. */
  close(): Promise<void>
}

export type Counts = {
  /** Connections ever accepted; those refused are not among them. */
  readonly accepted: number
  readonly refused: number
  /** Connections that stand, on either side. */
  readonly open: number
  /** Bytes that were passed on. */
  readonly toServer: number
  readonly toClient: number
}

export type Commands = {
  /** `Query`: a whole command, of one or several statements. */
  readonly queries: number
  /** `Parse`: a statement made ready. */
  readonly parses: number
  /** `Execute`: one run of such a statement. */
  readonly executes: number
}

/** How one direction is treated, in all connections. */
type Way = { delay: number; frozen: boolean; bytes: number }

/** What is read ahead of a side that does not take it. */
const HELD_LIMIT = 1024 * 1024

/** Listens on a free port of the loopback and leads on to `to`. */
export async function tcpProxy({ to: first }: { to: { host: string; port: number } }): Promise<TcpProxy> {
  let to = first
  const ways: Record<'toServer' | 'toClient', Way> = {
    toServer: { delay: 0, frozen: false, bytes: 0 },
    toClient: { delay: 0, frozen: false, bytes: 0 },
  }
  const links = new Set<Link>()
  const messages = new Map<string, number>()
  const seen = { accepted: 0, refused: 0 }
  let refuses = false

  function connect(client: Socket): void {
    if (refuses) {
      seen.refused += 1
      client.on('error', () => {})
      client.resetAndDestroy()
      return
    }
    seen.accepted += 1
    const count = messageReader((type) => messages.set(type, (messages.get(type) ?? 0) + 1))
    const server = new Socket({ allowHalfOpen: true }).setNoDelay(true)
    const toServer = lane(ways.toServer, client, server, count)
    const toClient = lane(ways.toClient, server, client)
    toServer.push(() => server.connect(to))
    const link = { toServer, toClient, reset: () => void [client, server].map((socket) => socket.resetAndDestroy()) }
    links.add(link)
    const closed = () => {
      if (client.closed && server.closed) links.delete(link)
    }
    for (const socket of [client, server]) socket.on('close', closed)
  }

  function drop(): number {
    const standing = [...links]
    for (const { toServer, toClient, reset } of standing) {
      toServer.cut()
      toClient.cut()
      reset()
    }
    return standing.length
  }

  const listener = createServer({ allowHalfOpen: true, noDelay: true }, connect)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const { port } = listener.address() as AddressInfo

  return {
    port,
    through(url) {
      const changed = new URL(url)
      changed.hostname = '127.0.0.1'
      changed.port = String(port)
      return changed.href
    },
    delay(ms, direction = 'both') {
      for (const name of named(direction)) ways[name].delay = ms
    },
    drop,
    lead(other) {
      to = { ...to, port: other }
    },
    refuse(on) {
      refuses = on
    },
    freeze(on, direction = 'both') {
      for (const name of named(direction)) {
        ways[name].frozen = on
        for (const link of links) link[name].pump()
      }
    },
    counts: () => ({ ...seen, open: links.size, toServer: ways.toServer.bytes, toClient: ways.toClient.bytes }),
    commands: () => ({
      queries: messages.get('Q') ?? 0,
      parses: messages.get('P') ?? 0,
      executes: messages.get('E') ?? 0,
    }),
    async close() {
      if (!listener.listening) return
      listener.close()
      drop()
      await once(listener, 'close')
    },
  }
}

type Lane = {
  /** Has something happen in its turn. */
  push(run: () => void, size?: number): void
  /** Looks what may happen now. */
  pump(): void
  /** Nothing happens any more. */
  cut(): void
}

type Link = { readonly toServer: Lane; readonly toClient: Lane; reset(): void }

function named(direction: Direction): readonly ('toServer' | 'toClient')[] {
  return direction === 'both' ? ['toServer', 'toClient'] : [direction]
}

/** All that comes from one socket, in a queue towards the other. */
function lane(way: Way, from: Socket, to: Socket, look: (chunk: Buffer) => void = () => {}): Lane {
  const queue: { readonly due: number; readonly size: number; readonly run: () => void }[] = []
  let held = 0
  let isCut = false
  let timer: NodeJS.Timeout | undefined

  function push(run: () => void, size = 0): void {
    if (isCut) return
    queue.push({ due: performance.now() + way.delay, size, run })
    held += size
    if (held > HELD_LIMIT) from.pause()
    pump()
  }

  function pump(): void {
    clearTimeout(timer)
    for (let next = queue[0]; next && !way.frozen && !to.writableNeedDrain; next = queue[0]) {
      const early = next.due - performance.now()
      if (early > 0) {
        timer = setTimeout(pump, Math.ceil(early))
        return
      }
      queue.shift()
      held -= next.size
      next.run()
    }
    if (held <= HELD_LIMIT && from.isPaused()) from.resume()
  }

  from.on('data', (chunk) => {
    push(() => {
      way.bytes += chunk.length
      look(chunk)
      to.write(chunk)
    }, chunk.length)
  })
  from.on('end', () => push(() => to.end()))
  from.on('error', () => push(() => to.resetAndDestroy()))
  to.on('drain', pump)

  return {
    push,
    pump,
    cut() {
      isCut = true
      queue.length = 0
      clearTimeout(timer)
    },
  }
}

/**
 * Names the messages of a client by their first byte, however the bytes are divided. Before these, a start-up message
 * of protocol 3 and requests for encryption, which have a length and a code but no type.
 * @see https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
function messageReader(found: (type: string) => void): (chunk: Buffer) => void {
  let head = Buffer.alloc(0)
  let rest = 0
  let begun = false
  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (rest > 0) {
        const skipped = Math.min(rest, chunk.length - at)
        at += skipped
        rest -= skipped
        continue
      }
      const size = begun ? 5 : 8
      const part = chunk.subarray(at, at + size - head.length)
      head = Buffer.concat([head, part])
      at += part.length
      if (head.length < size) return
      rest = head.readUInt32BE(begun ? 1 : 0) - (begun ? 4 : 8)
      if (begun) found(String.fromCharCode(head[0] as number))
      else begun = head.readUInt16BE(4) === 3
      // A length that no message has: this is something else, and not looked at any further.
      if (rest < 0) rest = Number.POSITIVE_INFINITY
      head = Buffer.alloc(0)
    }
  }
}
