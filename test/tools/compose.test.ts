import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { settings } from '../../src/server/config.ts'
import { ROOT } from '../../tools/read-tree.ts'
import { folder } from '../cli/folder.ts'

const read = (name: string) => readFileSync(join(ROOT, name), 'utf8')
const COMPOSE = read('compose.yaml')

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

  it('has the nodes that nginx passes on to', () => {
    const upstream = [...read('compose/nginx.conf').matchAll(/server (node-\d):3000;/g)].map(([, name]) => name)
    expect(upstream).toEqual([...COMPOSE.matchAll(/^ {2}(node-\d):$/gm)].map(([, name]) => name))
  })
})
