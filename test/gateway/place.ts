import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Answer, type Asking, ask } from '../adapters/client.ts'
import { cleanUp, command, dataFolder, type Server, startServer } from '../faults/support/server.ts'
import { freePort } from '../server/free-port.ts'
import { type Service, service } from '../support/services.ts'

/** A program that stands before the application: it writes what it needs into the folder and says what it is started with. */
export type Gateway = {
  readonly name: Service & ('nginx' | 'caddy')
  command(folder: string, ports: Ports): readonly string[]
}

export type Ports = { readonly gateway: number; readonly auth: number; readonly app: number }

/** A request that reached the application. */
export type Reached = {
  readonly method: string
  readonly url: string
  /** As the wire had them: name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: string
}

/** A gateway, the auth server and an application that knows nothing of signing in. */
export type Place = {
  readonly origin: string
  readonly auth: Server
  /** What reached the application, newest last. */
  readonly reached: Reached[]
  ask(path: string, asking?: Asking): Promise<Answer>
  /** Somebody signed up through the gateway: what their browser keeps, and a token of another session. */
  member(
    label: string,
  ): Promise<{ readonly id: string; readonly email: string; readonly jar: string; readonly token: string }>
  /** Gives somebody exactly this role. */
  appoint(email: string, role: string): Promise<void>
  close(): Promise<void>
}

export const PASSWORD = 'a long enough passphrase'

const CONFIG = `export default { timeouts: { sections: [{ path: '/billing', reauthenticate: '1s' }] } }\n`

const READY_MS = 10_000

export async function place(gateway: Gateway): Promise<Place> {
  const reached: Reached[] = []
  const application = createServer(async (request, response) => {
    const body = (await request.toArray()).join('')
    const { method = '', url = '', rawHeaders: headers } = request
    reached.push({ method, url, headers, body })
    response.setHeader('Set-Cookie', 'own=1')
    response.end('the application')
  })
  await once(application.listen(0, '127.0.0.1'), 'listening')

  const port = await freePort()
  const origin = `http://localhost:${port}`
  const data = dataFolder()
  writeFileSync(join(data, 'sallyport.config.mjs'), CONFIG)
  const auth = await startServer(data, { SALLYPORT_URL: origin, TRUSTED_PROXIES: '127.0.0.1' })

  const folder = mkdtempSync(join(tmpdir(), 'sallyport-gateway-'))
  const ports = { gateway: port, auth: auth.port, app: (application.address() as AddressInfo).port }
  const child = spawn(service(gateway.name) ?? '', [...gateway.command(folder, ports)], {
    env: { PATH: process.env.PATH ?? '', HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr?.on('data', (part) => {
    said += part
  })
  await listens(child, port, () => said)

  const asked = (path: string, asking: Asking = {}) => ask(port, path, asking)
  const post = (path: string, json: object) => asked(path, { method: 'POST', json, headers: { origin } })
  return {
    origin,
    auth,
    reached,
    ask: asked,
    async member(label) {
      const email = `${label}@example.com`
      const made = await post('/auth/sign-up', { email, password: PASSWORD })
      const other = await post('/auth/sign-in', { email, password: PASSWORD, transport: 'bearer' })
      if (made.status !== 201 || other.status !== 200) throw new Error(made.text + other.text)
      const user = made.body?.user as { readonly id: string }
      const tokens = other.body?.tokens as { readonly accessToken: string }
      return { id: user.id, email, jar: made.jar, token: tokens.accessToken }
    },
    async appoint(email, role) {
      const { code, out } = await command(data, 'users', 'roles', email, role)
      if (code !== 0) throw new Error(out)
    },
    async close() {
      await ended(child)
      application.closeAllConnections()
      application.close()
      await cleanUp()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function listens(child: ChildProcess, port: number, said: () => string): Promise<void> {
  const until = performance.now() + READY_MS
  while (performance.now() < until && child.exitCode === null) {
    const up = await ask(port, '/public/').then(
      () => true,
      () => false,
    )
    if (up) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  child.kill('SIGKILL')
  throw new Error(`the gateway did not begin: ${said()}`)
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exit = once(child, 'exit')
  child.kill('SIGKILL')
  await exit
}
