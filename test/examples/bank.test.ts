import { beforeAll, describe, expect, it } from 'vitest'
import { jarOf } from '../adapters/client.ts'
import { PASSWORD } from '../support/house.ts'
import { asking, HTML, type Person } from './people.ts'
import { endedWithFile, type Started, started, until } from './started.ts'
import { open } from './stream.ts'

endedWithFile()

/** What `GET /transfer` would send back, with this in it. */
function transferOf(page: string, filled: Readonly<Record<string, string>>): Record<string, string> {
  const id = /name="id" value="([^"]+)"/.exec(page)?.[1] ?? ''
  return { id, text: '', ...filled }
}

const balanceIn = (page: string) => /class="balance">([^<]+)</.exec(page)?.[1]

describe('examples/bank', () => {
  let at: Started
  let admin: Person
  beforeAll(async () => {
    at = await started('bank', { env: { PACE: '200' } })
    admin = await asking(at).administrator(at.said())
  })

  it('moves money once for each form, from own pages only, and no more than there is', async () => {
    const { get, post, member } = asking(at)
    const { jar: cookie } = await member('ann')
    const other = await member('bob')
    const before = balanceIn((await get('/', { cookie })).text)
    const theirs = /account (\d+)/.exec((await get('/', { cookie: other.jar })).text)?.[1] as string
    const page = (await get('/transfer', { cookie })).text
    expect(page).not.toContain('name="password"')
    const form = transferOf(page, { to: theirs, amount: '60.54', text: '<b>rent</b>' })

    const foreign = await post('/transfer', { cookie, form, headers: { origin: 'https://evil.example' } })
    expect(foreign).toMatchObject({ status: 403, code: 'csrf_rejected' })
    for (const [wrong, said] of [
      [{ amount: '0' }, 'Write the amount'],
      [{ amount: '-5' }, 'Write the amount'],
      [{ amount: '9999999' }, 'There is not enough'],
      [{ to: '7' }, 'There is no account'],
    ] as const) {
      const refused = await post('/transfer', { cookie, form: { ...form, ...wrong } })
      expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(said)])
    }
    for (const _ of ['a first time', 'and by a double click']) {
      expect(await post('/transfer', { cookie, form })).toMatchObject({ status: 303, headers: { location: '/?sent' } })
    }
    const after = await get('/', { cookie })
    expect([before, balanceIn(after.text)]).toEqual(['€3,460.54', '€3,400.00'])
    expect(after.text).toContain('&lt;b&gt;rent&lt;/b&gt;')
    expect(balanceIn((await get('/', { cookie: other.jar })).text)).toBe('€3,521.08')
  })

  it('refuses an administrator at the very next request after the role was withdrawn', async () => {
    const { get, post, member } = asking(at)
    const second = await member('second')
    const give = (id: string, yes: boolean) =>
      post('/admin/roles', { cookie: admin.jar, form: { id, admin: yes ? 'yes' : 'no' }, headers: HTML })
    expect((await get('/admin', { cookie: second.jar })).status).toBe(403)
    expect((await give(second.id, true)).headers.location).toBe('/admin')
    const { jar } = await post('/auth/sign-in', { json: { email: second.email, password: PASSWORD } })
    expect((await get('/admin', { cookie: jar })).text).toContain('ann@example.com')

    expect((await give(second.id, false)).headers.location).toBe('/admin')
    expect(await get('/admin', { cookie: jar })).toMatchObject({ status: 401, code: 'token_stale' })
    const away = await get('/admin', { cookie: jar, headers: HTML })
    expect(away.headers.location).toBe('/auth/continue?return=%2Fadmin')
    const navigates = { ...HTML, 'sec-fetch-site': 'same-origin' }
    const next = await get(away.headers.location as string, { cookie: jar, headers: navigates })
    expect(next).toMatchObject({ status: 303, headers: { location: '/admin' } })
    const shown = await get('/admin', { cookie: next.jar, headers: HTML })
    expect([shown.status, shown.text]).toEqual([403, expect.stringContaining('Not for you')])
    expect(shown.text).not.toContain('ann@example.com')
  })

  it('brings a form back filled in when the access token is over, and does nothing by it', async () => {
    const { get, post, member } = asking(at)
    const { id, jar: cookie } = await member('slow')
    const form = transferOf((await get('/transfer', { cookie })).text, { to: '100000', amount: '1', text: 'late' })
    await post(`/auth/admin/users/${id}`, { method: 'PATCH', cookie: admin.jar, json: { roles: ['auditor'] } })
    const back = await post('/transfer', { cookie, form, headers: HTML })
    expect(back.headers.location).toBe('/auth/continue?return=%2Ftransfer%3Fto%3D100000%26amount%3D1%26text%3Dlate')
    const navigates = { ...HTML, 'sec-fetch-site': 'same-origin' }
    const next = await get(back.headers.location as string, { cookie, headers: navigates })
    const page = await get(next.headers.location as string, { cookie: next.jar })
    expect(page.text).toContain('value="late"')
    expect(balanceIn((await get('/', { cookie: next.jar })).text)).toBe('€3,460.54')
  })

  it('cuts a download off when the session ends', async () => {
    const { post, member } = asking(at)
    const { jar: cookie } = await member('downloading')
    const statement = await open(at.port, '/statement.csv', { cookie })
    await until(() => statement.text().includes('Wages'))
    const out = await post('/auth/', { cookie, form: { do: 'sign-out' }, headers: HTML })
    expect(out.headers.location).toBe('/auth/sign-in?done=signed-out')
    await until(() => statement.over() !== null)
    expect(statement.over()).toBe('cut')
    expect(statement.text()).not.toContain('Balance')
  })
})

describe('examples/bank, after a while', () => {
  let at: Started
  beforeAll(async () => {
    at = await started('bank', { env: { FRESH: '1s', CARDS_IDLE: '5s', PACE: '0' } })
  })

  it('asks for the password again before money moves', async () => {
    const { get, post, member } = asking(at)
    const { jar } = await member('ann')
    let page = ''
    await until(async () => {
      page = (await get('/transfer', { cookie: jar })).text
      return page.includes('name="password"')
    })
    const form = transferOf(page, { to: '100000', amount: '60.54' })
    for (const [password, said] of [
      ['', 'Confirm it with your password'],
      ['not this one at all', 'This is not your password'],
    ] as const) {
      const refused = await post('/transfer', { cookie: jar, form: { ...form, password } })
      expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(said)])
    }
    expect(balanceIn((await get('/', { cookie: jar })).text)).toBe('€3,460.54')
    const sent = await post('/transfer', { cookie: jar, form: { ...form, password: PASSWORD } })
    expect(sent).toMatchObject({ status: 303, headers: { location: '/?sent', 'cache-control': 'no-store' } })
    // Under the tokens it came with: those before are over.
    expect(balanceIn((await get('/', { cookie: jarOf(sent.cookies) })).text)).toBe('€3,400.00')
  })

  it('shuts the section of the cards after a pause, and opens it for the password', async () => {
    const { get, post, member } = asking(at)
    const { jar } = await member('pausing')
    expect((await get('/cards', { cookie: jar })).text).toContain('Your card')
    await until(async () => {
      const { session } = (await get('/auth/session', { cookie: jar })).body as { session: Record<string, number> }
      return (session.now as number) - (session.lastActiveAt as number) >= 5000
    })
    expect((await get('/', { cookie: jar })).status).toBe(200)
    const away = await get('/cards', { cookie: jar, headers: HTML })
    expect(away).toMatchObject({ status: 303, headers: { location: '/confirm?return=%2Fcards' } })
    expect((await get('/cards', { cookie: jar })).code).toBe('reauth_required')
    const wrong = await post('/confirm', { cookie: jar, form: { password: 'not this one at all', return: '/cards' } })
    expect([wrong.status, wrong.text]).toEqual([422, expect.stringContaining('This is not your password')])
    const right = await post('/confirm', { cookie: jar, form: { password: PASSWORD, return: '/cards' } })
    expect(right).toMatchObject({ status: 303, headers: { location: `${at.origin}/cards` } })
    expect((await get('/cards', { cookie: jarOf(right.cookies) })).text).toContain('Your card')
  })

  it('leads nowhere else afterwards', async () => {
    const { post, member } = asking(at)
    let { jar } = await member('led')
    for (const away of [
      'https://evil.example/',
      '//evil.example',
      '/\\evil.example',
      '/.//evil.example',
      'javascript:1',
    ]) {
      const answer = await post('/confirm', { cookie: jar, form: { password: PASSWORD, return: away } })
      const { headers, status } = answer
      jar = jarOf(answer.cookies)
      expect([away, status, new URL(headers.location ?? '', at.origin).origin]).toEqual([away, 303, at.origin])
    }
  })

  it('has whole statements for who stays', async () => {
    const { jar: cookie } = await asking(at).member('staying')
    const statement = await open(at.port, '/statement.csv', { cookie })
    await until(() => statement.over() !== null)
    expect([statement.over(), statement.text()]).toEqual(['whole', expect.stringMatching(/\n,Balance,,3460\.54\n$/)])
    expect(statement.text().split('\n')).toHaveLength(93)
  })
})
