import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  accessSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { promisify } from 'node:util'
import pg from 'pg'

const run = promisify(execFile)

export type PostgresOptions = {
  /**
   * Whether commits wait for the disk. Without it (default) they reach the kernel, so that a killed server loses
   * nothing and only a machine that loses power would.
   */
  readonly fsync?: boolean
  /** Default 100. */
  readonly maxConnections?: number
  /** Settings as in `postgresql.conf`, for every start. */
  readonly settings?: Readonly<Record<string, string | number>>
}

/** A PostgreSQL server of its own, on the loopback, with SCRAM and a random password. */
export type PostgresServer = {
  /** Stays the same over stops and starts; no other server of these tests takes it meanwhile. */
  readonly port: number
  readonly password: string
  /** Holds all there is of the server, and goes with it. */
  readonly folder: string
  /** PostgreSQL's own folder, with `postgresql.conf` and the tables. */
  readonly data: string
  /** As superuser `postgres`. Default: the database `postgres`. */
  url(database?: string): string
  /** @returns the URL of a new, empty database. */
  createDatabase(): Promise<string>
  /** Resolves when it accepts connections; at once when it runs. @throws when it does not come up, with its log. */
  start(): Promise<void>
  /** `smart` waits until the clients have left, `fast` sends them away, `immediate` leaves the log to be replayed. */
  stop(mode?: StopMode): Promise<void>
  /** SIGKILL to the server and all its processes, between two moments. The port is free when it resolves. */
  kill(): Promise<void>
  /** SIGSTOP to all processes: connections stay open, the kernel accepts new ones, and nobody answers. */
  pause(): Promise<void>
  resume(): void
  /** Copies the data of a stopped server. `to` must not exist; a relative path is inside `folder`. */
  copyData(to: string): Promise<void>
  /** Puts a copy in the place of the data of a stopped server. */
  restoreFrom(copy: string): Promise<void>
  /** What the server has said. */
  log(): string
  /** Ends the server and removes `folder`. May be called twice. */
  close(): Promise<void>
}

export type StopMode = 'smart' | 'fast' | 'immediate'

const SIGNALS = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const

/** Below what Linux gives to outgoing connections, so that the port of a stopped server is not given away. */
const PORTS = { first: 21_000, last: 21_999 }

/**
 * The folder with `initdb` and `postgres`, or null: `POSTGRES_BIN` if that is set, else Debian's newest, else the first
 * on the path.
 */
export function findPostgres(): string | null {
  const { POSTGRES_BIN, PATH = '' } = process.env
  if (POSTGRES_BIN) return hasServer(POSTGRES_BIN) ? POSTGRES_BIN : null
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : []
  return [...versions.map((version) => join(debian, version, 'bin')), ...PATH.split(delimiter)].find(hasServer) ?? null
}

function hasServer(folder: string): boolean {
  try {
    for (const program of ['initdb', 'postgres']) accessSync(join(folder, program), constants.X_OK)
    return isAbsolute(folder)
  } catch {
    return false
  }
}

/**
 * Initialises and starts a server, which takes about a second. Nothing of it outlives this process, however that ends.
 * @throws when there is no PostgreSQL here (ask `service('postgres')` first), or when it does not come up.
 */
export async function postgresServer(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = findPostgres()
  if (!programs) throw new Error('there are no PostgreSQL server programs on this machine')
  const owner = unprivileged()
  const { port, folder } = await claim()
  const guardian = guard(folder)
  const data = join(folder, 'data')
  const password = randomBytes(12).toString('base64url')
  let postmaster: ChildProcess | null = null
  let created = 0

  async function launch(program: string, args: readonly string[]): Promise<ChildProcess> {
    const log = openSync(join(folder, 'log'), 'a')
    const child = spawn(join(programs as string, program), args, {
      ...owner,
      cwd: folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log, log],
      detached: true,
    })
    closeSync(log)
    child.once('exit', () => guardian.watch(null))
    guardian.watch(child.pid ?? null)
    await once(child, 'spawn')
    child.unref()
    return child
  }

  async function initialise(): Promise<void> {
    const secret = join(folder, 'password')
    mkdirSync(data, { mode: 0o700 })
    writeFileSync(secret, `${verifierOf(password)}\n`, { mode: 0o600 })
    if (owner) for (const path of [data, secret]) chownSync(path, owner.uid, owner.gid)
    const auth = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${secret}`]
    const child = await launch('initdb', [
      `--pgdata=${data}`,
      '--no-sync',
      '--wal-segsize=1',
      '--encoding=UTF8',
      '--locale=C',
      ...auth,
    ])
    await until(() => hasEnded(child))
    rmSync(secret)
    if (child.exitCode !== 0) throw new Error(`initdb failed:\n${log()}`)
  }

  async function start(): Promise<void> {
    if (postmaster) return
    const settings: PostgresOptions['settings'] = {
      ...{ fsync: options.fsync ? 'on' : 'off', max_connections: options.maxConnections ?? 100 },
      // In files of `data`: what lies in /dev/shm would outlive a killed server.
      dynamic_shared_memory_type: 'mmap',
      ...options.settings,
      ...{ listen_addresses: '127.0.0.1', port, unix_socket_directories: '' },
    }
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const child = await launch('postgres', ['-D', data, ...args])
    postmaster = child
    child.once('exit', () => {
      postmaster = null
    })
    await until(() => hasEnded(child) || isReady(data, child.pid))
    if (hasEnded(child)) throw new Error(`PostgreSQL did not start:\n${log()}`)
  }

  async function stop(mode: StopMode = 'fast'): Promise<void> {
    if (!postmaster) return
    const child = postmaster
    resume()
    child.kill(SIGNALS[mode])
    await until(() => hasEnded(child))
  }

  async function kill(): Promise<void> {
    if (!postmaster) return
    const child = postmaster
    const killed = await standStill(child)
    signal(killed, 'SIGKILL')
    await until(() => hasEnded(child) && !processes().some((one) => isAlive(one) && killed.includes(one.pid)))
  }

  function resume(): void {
    if (postmaster)
      signal(
        family(postmaster).map(({ pid }) => pid),
        'SIGCONT',
      )
  }

  function log(): string {
    return readFileSync(join(folder, 'log'), 'utf8')
  }

  /** With the owner and modes, which PostgreSQL insists on. */
  async function copy(from: string, to: string): Promise<void> {
    if (postmaster) throw new Error('the data of a server that runs cannot be copied or replaced')
    if (existsSync(to)) throw new Error(`${to} exists`)
    await run('cp', ['-a', from, to])
  }

  function url(database = 'postgres'): string {
    return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
  }

  async function close(): Promise<void> {
    await stop('immediate')
    await guardian.end()
  }

  try {
    await initialise()
    await start()
  } catch (error) {
    await close()
    throw error
  }

  return {
    port,
    password,
    folder,
    data,
    url,
    async createDatabase() {
      created += 1
      const name = `test_${created}`
      const client = new pg.Client({ connectionString: url() })
      await client.connect()
      try {
        await client.query(`CREATE DATABASE ${name} TEMPLATE template0`)
      } finally {
        await client.end()
      }
      return url(name)
    },
    start,
    stop,
    kill,
    async pause() {
      if (postmaster) await standStill(postmaster)
    },
    resume,
    copyData: (to) => copy(data, resolve(folder, to)),
    async restoreFrom(from) {
      const fresh = join(folder, 'restored')
      await copy(resolve(folder, from), fresh)
      await rm(data, { recursive: true })
      renameSync(fresh, data)
    },
    log,
    close,
  }
}

/**
 * As PostgreSQL keeps a password (RFC 5802), but of one round: nobody guesses 96 random bits, and the tests make ten thousand
 * connections.
 */
function verifierOf(password: string): string {
  const salt = randomBytes(16)
  const salted = pbkdf2Sync(password, salt, 1, 32, 'sha256')
  const key = (name: string) => createHmac('sha256', salted).update(name).digest()
  const stored = createHash('sha256').update(key('Client Key')).digest('base64')
  return `SCRAM-SHA-256$1:${salt.toString('base64')}$${stored}:${key('Server Key').toString('base64')}`
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const users = readFileSync('/etc/passwd', 'utf8')
  const [, uid, gid] = /^postgres:[^:]*:(\d+):(\d+):/m.exec(users) ?? /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  if (!uid || !gid) throw new Error('PostgreSQL does not run as root, and there is no user postgres or nobody')
  return { uid: Number(uid), gid: Number(gid) }
}

/** A free port. The folder is named after it and stands for the claim among all processes of this machine. */
async function claim(): Promise<{ readonly port: number; readonly folder: string }> {
  for (let port = PORTS.first; port <= PORTS.last; port += 1) {
    const folder = join(tmpdir(), `sallyport-postgres-${port}`)
    if (existsSync(folder) || !(await isFree(port))) continue
    try {
      mkdirSync(folder)
      return { port, folder }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
  }
  throw new Error(`no port is free from ${PORTS.first} to ${PORTS.last}`)
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((answer) => {
    server.once('error', () => answer(false))
    server.listen(port, '127.0.0.1', () => server.close(() => answer(true)))
  })
}

/**
 * Waits until its input ends, which is when this process ends it or is no more. Then it ends the group it was told last,
 * the shared memory of a server that was killed, and the folder.
 */
const GUARDIAN = `
while read -r line; do group=$line; done
if [ "$group" ]; then
  kill -CONT "-$group"; kill -QUIT "-$group"
  n=0
  while [ $n -lt 80 ] && kill -0 "-$group"; do sleep 0.1; n=$((n + 1)); done
  kill -KILL "-$group"
fi
set -- "$1" $(sed -n 7p "$1/data/postmaster.pid")
[ "$3" ] && ipcrm -m "$3"
rm -rf -- "$1"`

function guard(folder: string): { watch(group: number | null): void; end(): Promise<void> } {
  const shell = spawn('/bin/sh', ['-c', GUARDIAN, 'guardian', folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    cwd: '/',
  })
  shell.unref()
  const input = shell.stdin as Socket
  input.unref()
  return {
    watch: (group) => void input.write(`${group ?? ''}\n`),
    async end() {
      input.end()
      await until(() => hasEnded(shell))
    },
  }
}

type Process = { readonly pid: number; readonly parent: number; readonly state: string }

function processes(): readonly Process[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [pid, parent, state = ''] = line.trim().split(/\s+/)
    return { pid: Number(pid), parent: Number(parent), state }
  })
}

/** A server and its processes. Each of these leads a group of its own, so that there is no signal for all. */
function family({ pid }: ChildProcess): readonly Process[] {
  return processes().filter((one) => isAlive(one) && (one.pid === pid || one.parent === pid))
}

function isAlive({ state }: Process): boolean {
  return !state.startsWith('Z')
}

/** @returns who stands still: everybody, once the server starts nobody new. */
async function standStill(postmaster: ChildProcess): Promise<readonly number[]> {
  for (;;) {
    const all = family(postmaster)
    const awake = all.filter(({ state }) => !state.startsWith('T')).map(({ pid }) => pid)
    if (awake.length === 0) return all.map(({ pid }) => pid)
    signal(awake, 'SIGSTOP')
    await pause(2)
  }
}

function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
}

/** As `pg_ctl` knows it: line 1 is the process, line 8 how far it is. */
function isReady(data: string, pid: number | undefined): boolean {
  const file = join(data, 'postmaster.pid')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  return Number(lines[0]) === pid && lines[7]?.trim() === 'ready'
}

function hasEnded(child: ChildProcess | null): boolean {
  return child === null || child.exitCode !== null || child.signalCode !== null
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await pause(5)
}
