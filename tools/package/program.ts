import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const bin = (folder: string) => join(folder, 'node_modules/.bin/sallyport')

const clean = () => ({ PATH: process.env.PATH ?? '' })

/** What the installed program says, and what it asks for. */
export function saying(folder: string): readonly string[] {
  const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    spawnSync(bin(folder), args, { cwd: folder, encoding: 'utf8', env: { ...clean(), ...env } })
  const { version } = JSON.parse(readFileSync(join(folder, 'node_modules/sallyport/package.json'), 'utf8'))
  const [said, help] = [run(['--version']), run(['--help'])]
  const mail = run(['serve'], { SMTP_URL: 'smtp://localhost', MAIL_FROM: 'a@example.com' })
  return [
    ...(said.stdout.trim() === version ? [] : [`sallyport --version said ${said.stdout}${said.stderr}`]),
    ...(help.status === 0 && help.stdout.includes('serve')
      ? []
      : [`sallyport --help said ${help.stdout}${help.stderr}`]),
    ...(mail.status === 1 && mail.stderr === 'sallyport: SMTP_URL needs nodemailer: npm install nodemailer\n'
      ? []
      : [`sallyport serve with SMTP_URL said ${mail.stderr}`]),
  ]
}

/** Starts the server as its user would, signs somebody up, and stops it. */
export async function serving(folder: string): Promise<readonly string[]> {
  const port = await freePort()
  const env = { ...clean(), PORT: String(port) }
  const server = spawn(bin(folder), ['serve'], { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] })
  let stderr = ''
  server.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<number | null>((resolve) => server.once('exit', resolve))
  try {
    const url = `http://localhost:${port}`
    const isReady = () =>
      fetch(`${url}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      )
    while (server.exitCode === null && !(await isReady())) await pause(20)
    if (server.exitCode !== null) return [`sallyport serve ended: ${stderr}`]
    const body = JSON.stringify({ email: 'ann@example.com', password: 'a long enough passphrase' })
    const headers = { 'content-type': 'application/json' }
    const { status } = await fetch(`${url}/auth/sign-up`, { method: 'POST', headers, body })
    const page = await fetch(url)
    server.kill('SIGTERM')
    const code = await ended
    return [
      ...(status === 201 ? [] : [`a sign-up was answered with ${status}`]),
      ...(page.ok && (await page.text()).includes('<html') ? [] : [`the first page was answered with ${page.status}`]),
      ...(code === 0 && stderr === '' ? [] : [`SIGTERM ended it with ${code}: ${stderr}`]),
    ]
  } finally {
    if (server.exitCode === null) server.kill('SIGKILL')
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { readonly port: number }
      server.close(() => resolve(port))
    })
  })
}
