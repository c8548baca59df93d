import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { accessSync, closeSync, constants, mkdirSync, openSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'
import { hasEnded, redisPlace, until } from './redis-place.ts'

const execute = promisify(execFile)

export type RedisOptions = {
  /**
   * `none` (default): what is answered is in memory only, and gone with the process. `aof`: it is in a file and on the
   * disk before it is answered.
   */
  readonly persistence?: 'none' | 'aof'
  /** Follows this server from its first start on. The password is the same. */
  readonly replicaOf?: RedisServer
  /** A node of a cluster, still alone and without slots. Its bus is on `port + 10_000`. */
  readonly cluster?: boolean
  /** Default: random. */
  readonly password?: string
  /** Settings as in `redis.conf`; the value may be several words. Those that make the server ours stay. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** A Redis (or Valkey) server of its own, on the loopback, with a password. */
export type RedisServer = {
  /** Stays the same over stops and starts; no other server of these tests takes it meanwhile. */
  readonly port: number
  readonly password: string
  /** Holds all there is of the server, and goes with it. */
  readonly folder: string
  /** `redis://:password@127.0.0.1:port` */
  url(): string
  /**
   * Resolves when it answers, a replica when its link is up as well; at once when that is so.
   * @throws when it does not come up, with its log.
   */
  start(): Promise<void>
  /** SIGTERM, which Redis follows in good order. */
  stop(): Promise<void>
  /** SIGKILL, between two moments. The port is free when it resolves. */
  kill(): Promise<void>
  /** SIGSTOP: connections stay open, the kernel accepts new ones, and nobody answers. */
  pause(): Promise<void>
  resume(): void
  /** Removes the data of a stopped server. What `CONFIG REWRITE` has written and a node's view of its cluster stay. */
  empty(): Promise<void>
  /**
   * Sends one command and resolves to its reply as `redis-cli` prints it: an array line by line, null as nothing. It
   * waits as long as the server stands still.
   * @throws when the reply is an error, with what the server says, or when there is no server.
   */
  run(...command: readonly string[]): Promise<string>
  /** What the server has said. */
  log(): string
  /** Ends the server and removes `folder`. May be called twice. */
  close(): Promise<void>
}

/** How long a server may take to come up, milliseconds. */
const START_MS = 15_000

/**
 * The path of `redis-server` or `valkey-server` with its `…-cli` beside it, or null: `REDIS_BIN` if that is set, else
 * the first on the path, else Debian's.
 */
export function findRedis(): string | null {
  const { REDIS_BIN, PATH = '' } = process.env
  if (REDIS_BIN) return isServer(REDIS_BIN) ? REDIS_BIN : null
  const folders = [...PATH.split(delimiter), '/usr/bin']
  return folders.flatMap((one) => [join(one, 'redis-server'), join(one, 'valkey-server')]).find(isServer) ?? null
}

function isServer(path: string): boolean {
  return isAbsolute(path) && /^(redis|valkey)-server$/.test(basename(path)) && [path, client(path)].every(isProgram)
}

function client(server: string): string {
  return join(dirname(server), basename(server).replace('-server', '-cli'))
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/**
 * Starts a server, which takes some hundredths of a second. Nothing of it outlives this process, however that ends.
 * @throws when there is no Redis here (ask `service('redis')` first), or when it does not come up.
 */
export async function redisServer(options: RedisOptions = {}): Promise<RedisServer> {
  const program = findRedis()
  if (!program) throw new Error('there is no Redis server program on this machine')
  const cli = client(program)
  const { port, folder, watch, leave } = await redisPlace({ bus: options.cluster ?? false })
  const password = options.password ?? options.replicaOf?.password ?? randomBytes(12).toString('base64url')
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
  const configuration = join(folder, 'redis.conf')
  const data = join(folder, 'data')
  let server: ChildProcess | null = null
  let closed = false

  function launch(): ChildProcess {
    const log = openSync(join(folder, 'log'), 'a')
    const child = spawn(program as string, [configuration], {
      ...{ cwd: folder, env, stdio: ['ignore', log, log], detached: true },
    })
    closeSync(log)
    for (const event of ['exit', 'error'])
      child.once(event, () => {
        server = null
        watch(null)
      })
    watch(child.pid ?? null)
    child.unref()
    return child
  }

  async function ask(command: readonly string[], signal?: AbortSignal): Promise<string> {
    const { stdout } = await execute(cli, ['-e', '-h', '127.0.0.1', '-p', String(port), ...command], {
      ...{ cwd: folder, env: { ...env, REDISCLI_AUTH: password } },
      ...(signal && { signal }),
    })
    return stdout.replace(/\n$/, '')
  }

  async function isUp(signal: AbortSignal): Promise<boolean> {
    try {
      await ask(['PING'], signal)
      return !options.replicaOf || !(await ask(['INFO', 'replication'], signal)).includes('master_link_status:down')
    } catch {
      return false
    }
  }

  async function start(): Promise<void> {
    if (closed) throw new Error('the server is closed')
    server ??= launch()
    const child = server
    const late = AbortSignal.timeout(START_MS)
    let up = false
    await until(async () => {
      up = await isUp(late)
      return up || late.aborted || hasEnded(child)
    })
    if (!up) throw new Error(`Redis did not start:\n${log()}`)
  }

  /** To the server and to those it has forked. */
  function signal(child: ChildProcess, name: NodeJS.Signals): void {
    if (child.pid && !hasEnded(child)) process.kill(-child.pid, name)
  }

  async function end(name: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (!server) return
    const child = server
    // SIGKILL needs no waking: who stood still is not to answer once more.
    if (name === 'SIGTERM') resume()
    signal(child, name)
    await until(() => hasEnded(child))
  }

  async function pause(): Promise<void> {
    if (!server) return
    const child = server
    const state = async () => (await execute('ps', ['-o', 'stat=', '-p', String(child.pid)])).stdout.trim()
    signal(child, 'SIGSTOP')
    // The signal is on its way for a moment.
    await until(async () => hasEnded(child) || (await state()).startsWith('T'))
  }

  function resume(): void {
    if (server) signal(server, 'SIGCONT')
  }

  async function empty(): Promise<void> {
    if (server) throw new Error('the data of a server that runs cannot be removed')
    await rm(data, { recursive: true })
    mkdirSync(data)
  }

  function log(): string {
    return readFileSync(join(folder, 'log'), 'utf8')
  }

  async function close(): Promise<void> {
    closed = true
    await end('SIGKILL')
    await leave()
  }

  try {
    mkdirSync(data)
    writeFileSync(configuration, settings(options, port, folder, password), { mode: 0o600 })
    await start()
  } catch (error) {
    await close()
    throw error
  }

  return {
    port,
    password,
    folder,
    url: () => `redis://:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    start,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    pause,
    resume,
    empty,
    async run(...command) {
      try {
        return await ask(command)
      } catch (error) {
        throw new Error((error as { stderr?: string }).stderr?.trim() || String(error))
      }
    },
    log,
    close,
  }
}

/** The text of `redis.conf`. Of settings that are there twice the last counts. */
function settings(options: RedisOptions, port: number, folder: string, password: string): string {
  const { persistence = 'none', replicaOf, cluster = false } = options
  const all: RedisOptions['settings'] = {
    // At once, instead of after five seconds in which further replicas might come.
    'repl-diskless-sync-delay': 0,
    // Without it a replica that keeps nothing would keep what it got at first.
    'rdb-del-sync-files': 'yes',
    ...{ save: '', appendonly: persistence === 'aof' ? 'yes' : 'no', appendfsync: 'always' },
    ...options.settings,
    ...{ bind: '127.0.0.1', port, dir: join(folder, 'data'), daemonize: 'no', logfile: '' },
    ...{ requirepass: password, masterauth: password },
    ...(replicaOf && { replicaof: `127.0.0.1 ${replicaOf.port}` }),
    ...(cluster && {
      ...{ 'cluster-enabled': 'yes', 'cluster-announce-ip': '127.0.0.1' },
      // Outside of `data`: a node whose data are gone is still a member.
      'cluster-config-file': join(folder, 'nodes.conf'),
    }),
  }
  return Object.entries(all)
    .map(([name, value]) => `${name} ${value === '' ? '""' : value}\n`)
    .join('')
}
