import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wantsCsv } from '../../src/http/csv.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { type Member, type Site, site } from './site.ts'

let s: Site
let admin: Member
let asked = 0
beforeEach(async () => {
  const store = memory()
  asked = 0
  const users = {
    ...store.users,
    list: (...given: Parameters<typeof store.users.list>) => {
      asked += 1
      return store.users.list(...given)
    },
  }
  s = await site({ store: { ...store, users } })
  admin = await s.member('admin', ['admin'])
})
afterEach(() => s.close())

const CSV = { accept: 'text/csv' }
const get = (path: string, who = admin) => s.send('GET', `/auth/admin${path}`, { cookie: who.cookie, headers: CSV })

/** RFC 4180, read back. */
function parse(text: string): string[][] {
  expect(text.endsWith('\r\n')).toBe(true)
  const rows: string[][] = [[]]
  for (const [, cell = '', end] of text.matchAll(/("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/g)) {
    rows.at(-1)?.push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}

async function create(count: number): Promise<void> {
  const made = await s.store.users.find(admin.id as never)
  if (!made.user) throw new Error('no user')
  for (let i = 0; i < count; i++) {
    const id = `copy${i}` as never
    await s.store.users.create({ ...made.user, id, email: `${id}@example.com`, roles: ['member'] }, `${id}@example.com`)
  }
}

describe('lists as CSV', () => {
  it.each(['/users', '/sessions', '/sessions?state=ended', '/audit'])('%s', async (path) => {
    await s.member('gone').then(({ sid }) => s.auth.end(sid))
    const response = await get(path)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="\w+\.csv"$/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const [header = [], ...rows] = parse(await response.text())
    const { items } = (await s.get(`/auth/admin${path}`, { cookie: admin.cookie })).body as { items: { id: string }[] }
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.map((row) => row[header.indexOf('id')]).slice(-items.length)).toEqual(items.map(({ id }) => id))
    for (const row of rows) expect(row).toHaveLength(header.length)
  })

  it('goes through all pages, whatever the limit, a page at a time', async () => {
    await create(450)
    asked = 0
    const response = await get('/users?limit=1')
    expect(asked).toBe(1)
    const reader = (response.body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    expect(asked).toBe(1)
    let text = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      text += new TextDecoder().decode(value)
    }
    expect(asked).toBe(3)
    expect(parse(text)).toHaveLength(251)
  })

  it('ends when the client leaves', async () => {
    await create(450)
    asked = 0
    const reader = ((await get('/users')).body as ReadableStream<Uint8Array>).getReader()
    await reader.read()
    await reader.cancel()
    await s.clock.advance(100)
    expect(asked).toBe(1)
  })

  it('TE-01: breaks off when the right to it is over', async () => {
    await create(450)
    const auditor = await s.member('auditor', ['auditor'])
    for (const lose of [() => s.auth.setRoles(auditor.id, ['member']), () => s.auth.end(auditor.sid)]) {
      const reader = ((await get('/users', auditor)).body as ReadableStream<Uint8Array>).getReader()
      await reader.read()
      await lose()
      await expect(reader.read()).rejects.toThrow()
      await s.auth.setRoles(auditor.id, ['auditor'])
    }
  })

  it('quotes what has to be, and lets no spreadsheet run what a stranger wrote', async () => {
    const names = ['=1+1', '+1', '-1-cmd()', '-an-id_1', '@SUM(A1)', '＝1', 'a "quoted", name', ' =1', '’']
    for (const [i, name] of names.entries()) {
      const reply = await s.auth.users.create({
        email: `n${i}@example.com`,
        password: 'a long enough passphrase',
        name,
      })
      expect(reply.ok).toBe(true)
      await s.clock.advance(1)
    }
    const text = await (await get('/users')).text()
    const [header = [], ...rows] = parse(text)
    const at = header.indexOf('name')
    expect(rows.slice(0, -1).map((row) => row[at])).toEqual(
      ["'=1+1", "'+1", "'-1-cmd()", '-an-id_1', "'@SUM(A1)", "'＝1", 'a "quoted", name', "'=1", '’'].reverse(),
    )
  })

  it('AZ-01: is for those who may read the list', async () => {
    const member = await s.member('member')
    for (const path of ['/users', '/sessions', '/audit']) expect((await get(path, member)).status).toBe(403)
  })
})

it('is what whoever names it first is given', () => {
  const wants = (accept: string | null) => wantsCsv({ get: () => accept })
  for (const accept of [
    'text/csv',
    'TEXT/CSV',
    'text/csv;header=present',
    'text/csv, */*;q=0.1',
    'application/json;q=0.5, text/csv',
  ])
    expect(wants(accept), accept).toBe(true)
  for (const accept of [
    null,
    '',
    '*/*',
    'application/json',
    'text/csv;q=0',
    'text/*',
    'text/csv;q=0.5, application/json',
    'text/csv;q=x',
  ])
    expect(wants(accept), String(accept)).toBe(false)
})

it('says of all pages how many there are where one is all', async () => {
  const first = await s.get('/auth/admin/users', { cookie: admin.cookie })
  expect(first.body).toMatchObject({ total: 1, nextCursor: null })
  await create(3)
  const page = await s.get('/auth/admin/users?limit=2', { cookie: admin.cookie })
  expect(page.body.total).toBeUndefined()
  const last = await s.get(`/auth/admin/users?limit=2&cursor=${page.body.nextCursor}`, { cookie: admin.cookie })
  expect(last.body).toMatchObject({ nextCursor: null })
  expect(last.body.total).toBeUndefined()
})
