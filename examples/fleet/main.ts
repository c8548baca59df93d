import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { credentials } from './credentials.ts'
import { findNginx, nginxArguments } from './nginx.ts'
import { freePorts, isFree } from './ports.ts'
import { type Program, programs } from './programs.ts'

/* Starts the auth server, the three services and nginx, and ends them with Ctrl-C. Arguments are for `sallyport serve`. */

const SERVICES = ['orders', 'reports', 'stock'] as const
const HERE = import.meta.dirname
const SALLYPORT = [process.execPath, join(HERE, 'node_modules/sallyport/dist/cli/main.js')] as const

const nginx = findNginx()
const { PATH = '', PORT = '3000', DATA = join(HERE, '.data') } = process.env
const url = `http://localhost:${PORT}`
if (!(await isFree(Number(PORT)))) {
  console.error(`port ${PORT} is in use: set PORT to another`)
  process.exit(1)
}
mkdirSync(DATA, { recursive: true, mode: 0o700 })
const [auth = 0, orders = 0, reports = 0, stock = 0] = await freePorts(4)
const ports = { front: Number(PORT), auth, orders, reports, stock }

// Who has the database: the auth server, and nobody else.
const server = {
  PATH,
  SALLYPORT_DATA: DATA,
  SALLYPORT_URL: url,
  HOST: '127.0.0.1',
  PORT: String(auth),
  TRUSTED_PROXIES: '127.0.0.1',
}
const own = await credentials(SERVICES, SALLYPORT, server)

const home = programs()
const all = new Map<string, Program>()
let stopping = false

/** In this order, so that nothing that is under way is cut off. */
async function end(): Promise<void> {
  typed.close()
  process.stdin.destroy()
  await all.get('nginx')?.stop('SIGQUIT')
  await Promise.all(SERVICES.map((name) => all.get(name)?.stop(null)))
  await all.get('auth')?.stop('SIGTERM')
  await home.close()
}

function stop(): void {
  if (!stopping) void end()
  stopping = true
}

const typed = createInterface({ input: process.stdin })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop)

try {
  console.log(`the fleet's own process is ${process.pid}; what they say is in ${home.folder}`)
  await started('auth', [...SALLYPORT, 'serve', ...process.argv.slice(2)], server, `http://127.0.0.1:${auth}/readyz`)
  for (const name of SERVICES) {
    const env = {
      PORT: String(ports[name]),
      AUTH_ISSUER: url,
      AUTH_URL: `http://127.0.0.1:${auth}`,
      SERVICE_ID: own[name].id,
      SERVICE_SECRET: own[name].secret,
    }
    const command = [process.execPath, '--disable-warning=ExperimentalWarning', join(HERE, `${name}.ts`)]
    await started(name, command, env, `http://127.0.0.1:${ports[name]}/${name}`)
  }
  await started('nginx', [nginx, ...nginxArguments(home.folder, ports)], {}, `${url}/readyz`)
  const [, setup] = /^setup: (\S+)$/m.exec(all.get('auth')?.said() ?? '') ?? []
  console.log(`listening on ${url}${setup ? `, setup: ${setup}` : ''}`)
  console.log(`write "kill auth" or "start auth" here, or so with the others; Ctrl-C ends all of it`)
  typed.on('line', (line) => void obey(line).catch((error: Error) => console.error(error.message)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
  stop()
}

async function started(
  name: string,
  command: readonly string[],
  env: Readonly<Record<string, string>>,
  answers: string,
): Promise<void> {
  if (stopping) return
  const one = home.program({ name, command, env, answers })
  all.set(name, one)
  await one.start()
  console.log(`${name.padEnd(8)} ${String(one.pid()).padEnd(8)} ${new URL(answers).origin}`)
}

/** What is written while it runs: trouble, and its end. */
async function obey(line: string): Promise<void> {
  const [verb, name = ''] = line.trim().split(/\s+/)
  const one = all.get(name)
  if (!one || (verb !== 'kill' && verb !== 'start')) {
    console.log(`kill or start one of ${[...all.keys()].join(', ')}`)
    return
  }
  await one[verb]()
  console.log(verb === 'kill' ? `${name} is killed` : `${name} is started: ${one.pid()}`)
}
