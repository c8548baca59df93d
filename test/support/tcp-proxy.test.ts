import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { postgresServer } from './postgres-server.ts'
import { describeWith } from './services.ts'
import { type TcpProxy, tcpProxy } from './tcp-proxy.ts'

let server: Server
/** The ends of connections at the server, which says everything back. */
let ends: Socket[]
let proxy: TcpProxy
const clients: Socket[] = []

beforeAll(async () => {
  server = createServer({ allowHalfOpen: true }, (socket) => {
    ends.push(socket)
    socket.on('error', () => {})
    socket.pipe(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})

afterAll(() => server.close())

beforeEach(async () => {
  ends = []
  proxy = await tcpProxy({ to: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } })
})

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy()
  await proxy.close()
})

type Client = { readonly socket: Socket; heard(): string; fate(): string }

async function client(): Promise<Client> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1', allowHalfOpen: true })
  clients.push(socket)
  let heard = ''
  let fate = 'open'
  socket.on('data', (chunk) => {
    heard += String(chunk)
  })
  socket.on('end', () => {
    fate = 'ended'
  })
  socket.on('error', (error: NodeJS.ErrnoException) => {
    fate = error.code ?? 'error'
  })
  await once(socket, 'connect')
  return { socket, heard: () => heard, fate: () => fate }
}

const soon = (look: () => void) => vi.waitFor(look, { timeout: 5000, interval: 2 })
/** Long enough for what is not held to arrive. */
const aWhile = () => pause(60)

it('passes on bytes and ends, and counts them', async () => {
  const { socket, heard, fate } = await client()
  socket.write('hello')
  await soon(() => expect(heard()).toBe('hello'))
  expect(proxy.counts()).toEqual({ accepted: 1, refused: 0, open: 1, toServer: 5, toClient: 5 })
  socket.end(' and goodbye')
  await soon(() => expect([heard(), fate()]).toEqual(['hello and goodbye', 'ended']))
  await soon(() => expect(proxy.counts()).toMatchObject({ accepted: 1, open: 0, toServer: 17, toClient: 17 }))
})

it('passes on more than it would hold', async () => {
  const { socket, heard } = await client()
  const much = 'x'.repeat(5_000_000)
  socket.write(much)
  await soon(() => expect(heard()).toHaveLength(much.length))
})

it('delays each direction, in order also when the delay becomes shorter', async () => {
  const { socket, heard } = await client()
  socket.write('0')
  await soon(() => expect(heard()).toBe('0'))
  proxy.delay(100, 'toServer')
  proxy.delay(50, 'toClient')
  const began = performance.now()
  socket.write('1')
  await soon(() => expect(proxy.counts().toServer).toBe(2))
  expect(performance.now() - began).toBeGreaterThanOrEqual(99)
  await soon(() => expect(heard()).toBe('01'))
  expect(performance.now() - began).toBeGreaterThanOrEqual(149)

  proxy.delay(200)
  socket.write('a')
  await pause(20)
  proxy.delay(0)
  socket.write('b')
  await soon(() => expect(heard()).toBe('01ab'))
})

it('drops connections on both sides, and takes new ones', async () => {
  const dropped = await client()
  await soon(() => expect(ends).toHaveLength(1))
  proxy.drop()
  await soon(() => expect(dropped.fate()).toBe('ECONNRESET'))
  await soon(() => expect([ends[0]?.destroyed, proxy.counts().open]).toEqual([true, 0]))
  const fresh = await client()
  fresh.socket.write('again')
  await soon(() => expect(fresh.heard()).toBe('again'))
})

it('refuses new connections and leaves those that stand', async () => {
  const standing = await client()
  proxy.refuse(true)
  const refused = await client().catch(() => null)
  await soon(() => expect(refused?.fate() ?? 'ECONNRESET').toBe('ECONNRESET'))
  standing.socket.write('here')
  await soon(() => expect(standing.heard()).toBe('here'))
  expect(proxy.counts()).toMatchObject({ accepted: 1, refused: 1, open: 1 })
  proxy.refuse(false)
  const { socket, heard } = await client()
  socket.write('there')
  await soon(() => expect(heard()).toBe('there'))
})

it('resets a client whose server is not there', async () => {
  const gone = createServer().listen(0, '127.0.0.1')
  await once(gone, 'listening')
  const { port } = gone.address() as AddressInfo
  await new Promise((closed) => gone.close(closed))
  await proxy.close()
  proxy = await tcpProxy({ to: { host: '127.0.0.1', port } })
  const { fate } = await client()
  await soon(() => expect(fate()).toBe('ECONNRESET'))
  await soon(() => expect(proxy.counts().open).toBe(0))
})

it('holds everything while frozen, and goes on in order', async () => {
  const { socket, heard } = await client()
  const leaves = await client()
  await soon(() => expect(ends).toHaveLength(2))
  proxy.freeze(true)
  const late = await client()
  for (const word of ['a', 'b', 'c']) socket.write(word)
  late.socket.write('late')
  leaves.socket.resetAndDestroy()
  await aWhile()
  expect(proxy.counts()).toMatchObject({ accepted: 3, open: 3, toServer: 0, toClient: 0 })
  expect(ends.map(({ destroyed, readableEnded }) => destroyed || readableEnded)).toEqual([false, false])
  proxy.freeze(false)
  await soon(() => expect([heard(), late.heard()]).toEqual(['abc', 'late']))
  await soon(() => expect(proxy.counts().open).toBe(2))
  expect(ends).toHaveLength(3)
})

it('freezes one direction alone', async () => {
  const { socket, heard } = await client()
  proxy.freeze(true, 'toClient')
  socket.write('asked')
  await soon(() => expect(proxy.counts().toServer).toBe(5))
  await aWhile()
  expect([heard(), proxy.counts().toClient]).toEqual(['', 0])
  proxy.freeze(true, 'toServer')
  proxy.freeze(false, 'toClient')
  await soon(() => expect(heard()).toBe('asked'))
  socket.write('held')
  await aWhile()
  expect(proxy.counts().toServer).toBe(5)
  proxy.freeze(false)
  await soon(() => expect(heard()).toBe('askedheld'))
})

it('closes while frozen, with bytes held and a server never reached', async () => {
  proxy.freeze(true)
  const { socket, fate } = await client()
  socket.write('never')
  await soon(() => expect(proxy.counts().open).toBe(1))
  await Promise.all([proxy.close(), proxy.close()])
  await soon(() => expect(fate()).toBe('ECONNRESET'))
  expect([ends.length, proxy.counts().open]).toEqual([0, 0])
})

it('counts the commands of a client however its bytes are divided', async () => {
  const { socket, heard } = await client()
  const number = (n: number) => {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE(n)
    return bytes
  }
  const message = (type: string, body: string) =>
    Buffer.concat([Buffer.from(type), number(4 + body.length), Buffer.from(body)])
  const encryption = Buffer.concat([number(8), number(80_877_103)])
  const startUp = Buffer.concat([number(8 + 14), number(196_608), Buffer.from('user\0postgres\0')])
  const rest = [message('p', 'QQQ'), message('Q', 'SELECT 1\0'), message('S', ''), message('P', 'E'.repeat(300))]
  const all = Buffer.concat([
    encryption,
    startUp,
    ...rest,
    ...['B', 'E', 'S', 'E', 'S'].map((type) => message(type, '')),
  ])
  for (const byte of all) {
    socket.write(Buffer.of(byte))
    await new Promise(setImmediate)
  }
  await soon(() => expect(heard()).toHaveLength(all.toString().length))
  expect(proxy.commands()).toEqual({ queries: 1, parses: 1, executes: 2 })
})

describeWith('postgres')('between a client and PostgreSQL', () => {
  it('counts commands, leads to the server, and lets a client wait', async () => {
    const postgres = await postgresServer()
    const between = await tcpProxy({ to: { host: '127.0.0.1', port: postgres.port } })
    try {
      const url = new URL(between.through(postgres.url('postgres')))
      expect([url.port, url.password, url.pathname]).toEqual([String(between.port), postgres.password, '/postgres'])
      const asking = new pg.Client({ connectionString: url.href })
      await asking.connect()
      await asking.query('SELECT 1; SELECT 2')
      for (const n of [1, 2]) await asking.query({ name: 'kept', text: 'SELECT $1::int', values: [n] })
      expect(between.commands()).toEqual({ queries: 1, parses: 1, executes: 2 })
      between.freeze(true)
      const waiting = asking.query('SELECT 3')
      await aWhile()
      expect(between.commands()).toMatchObject({ queries: 1 })
      between.freeze(false)
      await waiting
      expect(between.commands()).toMatchObject({ queries: 2 })
      await asking.end()
    } finally {
      await between.close()
      await postgres.close()
    }
  })
})
