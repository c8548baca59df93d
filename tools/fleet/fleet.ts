import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../read-tree.ts'
import { answers, type Child, type Nursery, nursery } from './child.ts'
import { type Database, database, findPostgres } from './database.ts'
import { findNginx, nginxArguments } from './nginx.ts'
import { findRedis, type Sessions, sessions } from './redis.ts'

/** Three servers over one PostgreSQL, with sessions in Redis if wanted, behind nginx, on the loopback of this machine. */
export type Fleet = {
  /** Any of the nodes, in turns. */
  readonly url: string
  /** Each node by itself. */
  readonly nodes: readonly string[]
  /** What the nodes and nginx say, and nothing that is needed afterwards. */
  readonly folder: string
  /** A file of variables with which the command line administers the fleet. */
  readonly variables: string
  /** Resolves with the name of the first of its programs that ended without having been told. */
  readonly broken: Promise<string>
  /** Ends everything and removes the folder. Once; later calls wait for the first. */
  stop(): Promise<void>
}

const NODES = 3

/** A node waits 10 s for what is under way. Milliseconds. */
const PATIENCE = 12_000

export type FleetOptions = {
  /** Whether sessions are in a Redis, and people alone in PostgreSQL. */
  readonly redis?: boolean
}

/** What has to be installed before there can be a fleet; null when nothing is missing. */
export function missing({ redis = false }: FleetOptions = {}): string | null {
  const packages = [
    ...(findNginx() ? [] : ['nginx']),
    ...(findPostgres() ? [] : ['postgresql']),
    ...(!redis || findRedis() ? [] : ['redis-server']),
  ]
  if (packages.length === 0) return null
  const redisToo = redis ? ', REDIS_BIN (redis-server or valkey-server)' : ''
  const others = `or say where they are: NGINX_PATH (the program), POSTGRES_BIN (the folder with initdb)${redisToo}`
  return `the fleet needs ${packages.join(' and ')} on this machine: apt-get install ${packages.join(' ')}, ${others}`
}

/**
 * Starts everything, and resolves when all nodes answer, also by way of nginx.
 * @param flags what `serve` is called with besides
 * @throws when something does not start, with what it said. Nothing is left behind then.
 */
export async function fleet(flags: readonly string[] = [], options: FleetOptions = {}): Promise<Fleet> {
  const nginx = findNginx()
  if (!nginx) throw new Error(missing(options) ?? 'there is no nginx')
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-fleet-'))
  // For nginx, whose workers are somebody else when it is started by root; what is secret in it is closed by itself.
  chmodSync(folder, 0o711)
  const started: Child[] = []
  const home = nursery(folder)
  let kept: Database | null = null
  let beside: Sessions | null = null
  let stopping: Promise<void> | null = null

  async function end(): Promise<void> {
    const [proxy, servers] = [started.filter(({ name }) => name === 'nginx'), started.filter(isNode)]
    for (const child of proxy) await child.stop('SIGQUIT', PATIENCE)
    await Promise.all(servers.map((child) => child.stop('SIGTERM', PATIENCE)))
    await Promise.all([kept?.close(), beside?.close()])
    await home.close()
  }

  function stop(): Promise<void> {
    stopping ??= end()
    return stopping
  }

  try {
    kept = await database()
    if (options.redis) beside = await sessions()
    const [front = 0, ...ports] = await freePorts(1 + NODES)
    const url = `http://localhost:${front}`
    const shared = {
      DATABASE_URL: kept.url,
      ...(beside && { REDIS_URL: beside.url }),
      SALLYPORT_SECRET: randomBytes(32).toString('base64url'),
      SALLYPORT_URL: url,
    }
    const variables = join(folder, 'variables')
    writeFileSync(
      variables,
      Object.entries(shared)
        .map(([name, value]) => `${name}=${value}\n`)
        .join(''),
      { mode: 0o600 },
    )
    const servers = await Promise.all(ports.map((port, i) => serving(home, i + 1, port, shared, flags, started)))
    const proxy = await home.child('nginx', nginx, nginxArguments(folder, front, ports))
    started.push(proxy)
    await answers(`${url}/readyz`, proxy)
    const broken = Promise.race(started.map(({ name, ended }) => ended.then(() => name)))
    return { url, nodes: servers, folder, variables, broken, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** @returns its address. */
async function serving(
  home: Nursery,
  number: number,
  port: number,
  shared: Readonly<Record<string, string>>,
  flags: readonly string[],
  started: Child[],
): Promise<string> {
  const url = `http://localhost:${port}`
  // Only nginx reaches a node from another connection than its own, and is believed about who asks.
  const env = { ...shared, PORT: String(port), HOST: '127.0.0.1', TRUSTED_PROXIES: '127.0.0.1' }
  const child = await home.child(
    `node-${number}`,
    process.execPath,
    [join(ROOT, 'src/cli/main.ts'), 'serve', ...flags],
    env,
  )
  started.push(child)
  await answers(`${url}/readyz`, child)
  return url
}

function isNode({ name }: Child): boolean {
  return name.startsWith('node-')
}

/** All at once, so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer())
  await Promise.all(
    servers.map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))),
  )
  const ports = servers.map((server) => {
    const address = server.address()
    return typeof address === 'object' && address ? address.port : 0
  })
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
