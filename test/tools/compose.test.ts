import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspectRedis, redis } from '../../src/redis.ts'
import { settings } from '../../src/server/config.ts'
import { rights } from '../../tools/fleet/redis.ts'
import { ROOT } from '../../tools/read-tree.ts'
import { folder } from '../cli/folder.ts'
import { freePort } from '../server/free-port.ts'
import { service } from '../support/services.ts'

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')
const COMPOSE = read('compose.yaml')
const REDIS = read('compose/redis.yaml')

/** Of the nodes: `NAME: value`, below `environment:`. Where a variable of the shell is named, its default or something long enough. */
const environment = () =>
  Object.fromEntries(
    [
      ...(COMPOSE.split('\n  environment:\n')[1]?.split('\n  healthcheck:')[0] ?? '').matchAll(
        /^ {4}([A-Z_]+): (.*)$/gm,
      ),
    ].map(([, name, value = '']) => [
      name,
      value.replace(/\$\{\w+:-(.*?)\}/g, '$1').replace(/\$\{\w+:\?.*?\}/g, '0123456789abcdef0123456789abcdef'),
    ]),
  )

describe('compose.yaml', () => {
  it('names files that there are, and so does the Dockerfile', () => {
    const files = [...COMPOSE.matchAll(/[ "]\.\/([\w./-]+):/g)].map(([, path = '']) => path)
    expect(files.sort()).toEqual(['compose/database.sh', 'compose/nginx.conf'])
    const copied = [...read('Dockerfile').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, all = '']) =>
      all.split(' '),
    )
    expect(copied.length).toBeGreaterThan(2)
    for (const path of [...files, ...copied]) expect(existsSync(join(ROOT, path))).toBe(true)
    const sent = read('.dockerignore').split('\n')
    for (const path of copied) expect(sent).toContain(`!${path.replace('./', '')}`)
  })

  it('gives the nodes variables that mean something, all that production needs, and nginx for a proxy', async () => {
    const given = await settings({}, { NODE_ENV: 'production', ...environment() }, folder())
    expect([given.lacking, given.warnings]).toEqual([[], []])
    expect(given.database).toMatchObject({ kind: 'postgres', where: 'database:5432/sallyport' })
    expect(given.options()).toMatchObject({
      trustedProxies: [/nginx:[\s\S]*?ipv4_address: ([\d.]+)/.exec(COMPOSE)?.[1]],
    })
  })

  it('has sessions in Redis beside it, if wanted: every variable means something, and every file is there', async () => {
    const [, value = ''] = /^ {4}REDIS_URL: (.*)$/m.exec(REDIS) ?? []
    const REDIS_URL = value.replace(/\$\{\w+:\?.*?\}/g, '0123456789abcdef')
    const given = await settings({}, { NODE_ENV: 'production', ...environment(), REDIS_URL }, folder())
    expect([given.lacking, given.warnings, given.redis?.where]).toEqual([[], [], 'redis:6379'])
    expect([...REDIS.matchAll(/[ "]\.\/([\w./-]+):/g)].map(([, path]) => path)).toEqual(['compose/redis.sh'])
    expect([...REDIS.matchAll(/^ {2}(node-\d):/gm)].map(([, name]) => name)).toEqual(['node-1', 'node-2', 'node-3'])
    const addresses = [...`${COMPOSE}${REDIS}`.matchAll(/ipv4_address: ([\d.]+)/g)].map(([, address]) => address)
    expect(new Set(addresses).size).toBe(addresses.length)
  })

  it('gives the user of Redis the rights that docs/operations.md names', () => {
    const [, line] = /^ACL SETUSER auth on >\S+ (.+)$/m.exec(read('docs/operations.md')) ?? []
    expect(line?.split(' ')).toEqual(rights())
  })

  it.skipIf(!service('redis'))(
    'starts Redis by a script that it takes, and that doctor has nothing against',
    async () => {
      const at = folder()
      const port = await freePort()
      const lines = [`dir ${at}`, `port ${port}`, 'bind 127.0.0.1'].join('\n')
      const script = read('compose/redis.sh')
        .replace('dir /data', lines)
        .replace('exec redis-server', `exec ${service('redis')}`)
      const password = 'a-password-nobody-may-see'
      const child = spawn('sh', ['-c', script], { env: { REDIS_PASSWORD: password }, stdio: 'ignore' })
      const ended = once(child, 'exit')
      try {
        const look = () => inspectRedis(`redis://sallyport:${password}@127.0.0.1:${port}`).catch(() => null)
        await expect.poll(look, { timeout: 15_000 }).toMatchObject({
          ...{ isOpen: false, servers: [{ policy: 'noeviction', appendOnly: true, maxMemory: 536_870_912 }] },
        })
        const { source } = redis(`redis://sallyport:${password}@127.0.0.1:${port}`).sessions
        await source.open()
        await source.close()
      } finally {
        child.kill('SIGKILL')
        await ended
      }
    },
  )

  it('has the nodes that nginx passes on to', () => {
    const upstream = [...read('compose/nginx.conf').matchAll(/server (node-\d):3000;/g)].map(([, name]) => name)
    expect(upstream).toEqual([...COMPOSE.matchAll(/^ {2}(node-\d):$/gm)].map(([, name]) => name))
  })
})
