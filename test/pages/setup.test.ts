import { afterEach, describe, expect, it } from 'vitest'
import { must, PASSWORD } from '../support/house.ts'
import { hiddenIn, type Pages, site } from './visitor.ts'

const DAY = 86_400_000
const ADA = { email: 'ada@example.com', name: 'Ada', password: PASSWORD }

let open: Pages | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(options: Parameters<typeof site>[0] = {}) {
  open = await site(options)
  const token = (await open.auth.setup.invite()) ?? ''
  return { ...open, token }
}

describe('the first administrator', () => {
  it('is made by the link, is signed in, and closes the page for everybody else', async () => {
    const { auth, visitor, token } = await begin()
    const ada = visitor()
    const page = await ada.get(`/setup?token=${token}`)
    expect(page.text).toContain('Make the first administrator')
    const account = await ada.submit('/setup', { ...ADA, token: hiddenIn(page.text, 'token') })
    expect(account.text).toContain('ada@example.com')
    expect((await auth.users.findByEmail(ADA.email))?.roles).toEqual(['admin'])
    expect(await auth.setup.invite()).toBeNull()
    const late = await visitor().get(`/setup?token=${token}`)
    expect([late.status, late.text.includes('There is an administrator already')]).toEqual([404, true])
  })

  it('RC-06: a link works once, within a day, and no other token does', async () => {
    const { auth, visitor, clock, token } = await begin()
    const post = async (given: string) => (await visitor().post('/setup', { ...ADA, token: given })).status
    expect(await post('A'.repeat(43))).toBe(400)
    expect(await post('')).toBe(400)
    clock.step(DAY)
    expect(await post(token)).toBe(400)
    expect(await auth.users.findByEmail(ADA.email)).toBeNull()
    const next = (await auth.setup.invite()) ?? ''
    clock.step(DAY - 1)
    expect(await post(next)).toBe(303)
    expect(await post(next)).toBe(404)
  })

  it('RC-06: of several links and many who follow them at the same time, one makes an account', async () => {
    const { auth, visitor, token } = await begin()
    const tokens = [token, await auth.setup.invite(), await auth.setup.invite()] as string[]
    const outcomes = await Promise.all(
      Array.from({ length: 9 }, (_, at) =>
        visitor().post('/setup', { ...ADA, email: `ada${at}@example.com`, token: tokens[at % 3] ?? '' }),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 303)).toHaveLength(1)
    expect((await auth.users.list({ role: 'admin' }, null, 10)).items).toHaveLength(1)
  })

  it('what is wrong with the account does not spend the link', async () => {
    const { visitor, token } = await begin()
    const ada = visitor()
    const weak = await ada.post('/setup', { ...ADA, password: 'short', token })
    expect([weak.status, hiddenIn(weak.text, 'token'), weak.text.includes('value="ada@example.com"')]).toEqual([
      ...[422, token],
      true,
    ])
    expect((await ada.post('/setup', { ...ADA, token })).status).toBe(303)
  })

  it('CS-06: looking at it spends nothing, and SI-03: the store holds no token', async () => {
    const { visitor, store, token } = await begin()
    for (let time = 0; time < 3; time += 1) expect((await visitor().get(`/setup?token=${token}`)).status).toBe(200)
    expect(await store.tickets.take(token, 'setup')).toBeNull()
    expect((await visitor().post('/setup', { ...ADA, token })).status).toBe(303)
  })

  it('stays open while nobody administers, also when an administrator was removed', async () => {
    const { auth, visitor, token } = await begin()
    must(await auth.users.create({ email: 'bob@example.com', password: PASSWORD }))
    expect((await visitor().get(`/setup?token=${token}`)).status).toBe(200)
    expect((await visitor().post('/setup', { ...ADA, token })).status).toBe(303)
    must(await auth.users.remove((await auth.users.findByEmail(ADA.email))?.id ?? ''))
    expect((await visitor().post('/setup', { ...ADA, token })).status).toBe(400)
    const again = (await auth.setup.invite()) ?? ''
    expect((await visitor().post('/setup', { ...ADA, token: again })).status).toBe(303)
  })
})
