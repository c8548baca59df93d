import { afterEach, describe, expect, it, vi } from 'vitest'
import { emailKey } from '../../src/user.ts'
import type { House } from '../support/house.ts'
import { codeOf, hybridHouse, later, MINUTE, refreshed, refreshWith, signedIn } from './holder.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

let open: House | null = null
afterEach(async () => {
  await open?.close()
  open = null
})

async function begin(options: Parameters<typeof hybridHouse>[0] = {}): Promise<House> {
  open = await hybridHouse(options)
  return open
}

const typesOf = (h: House, ...wanted: string[]) =>
  h.events.map(({ type }) => type).filter((one) => wanted.includes(one))

describe('what is told of refreshes', () => {
  const home = {
    source: '192.0.2.1',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  }
  const away = { source: '203.0.113.9', userAgent: 'curl/8.0' }

  it('a refresh that is repeated from elsewhere is told of as shared, one from the same place is not', async () => {
    const h = await begin()
    const { jar, user } = await signedIn(h, 'ada', home)
    await later(h, 6 * MINUTE)
    const child = await refreshed(h.auth, jar, home)
    expect((await refreshed(h.auth, jar, home)).refresh).toBe(child.refresh)
    expect(typesOf(h, 'token.refresh_shared')).toEqual([])
    expect((await refreshed(h.auth, jar, away)).refresh).toBe(child.refresh)
    expect(h.events.filter(({ type }) => type === 'token.refresh_shared')).toMatchObject([
      { severity: 'notice', subject: user.id, reason: 'allow', source: away.source },
    ])
    expect(typesOf(h, 'token.refreshed')).toHaveLength(1)
  })

  it.each([
    ['reauthenticate', 'reauth_required', null],
    ['end', 'session_revoked', 'session_revoked'],
  ] as const)('SL-10: the hook may say %s to it', async (verdict, heard, endReason) => {
    const asked: unknown[] = []
    const h = await begin({
      onContextChange(change) {
        asked.push(change)
        // It is asked of the move first, and then of the token that is held twice.
        return asked.length === 1 ? 'allow' : verdict
      },
    })
    const { jar, session, user } = await signedIn(h, 'ada', home)
    await later(h, 6 * MINUTE)
    await refreshed(h.auth, jar, home)
    expect(asked).toEqual([])
    expect(codeOf(await h.patiently(refreshWith(h.auth, jar, away)))).toBe(heard)
    const question = { userId: user.id, sessionId: session.id, before: { ip: home.source }, after: { ip: away.source } }
    expect(asked).toMatchObject([question, question])
    expect(h.events.filter(({ type }) => type === 'token.refresh_shared')).toMatchObject([{ reason: verdict }])
    expect((await h.store.sessions.find(session.id))?.endReason).toBe(endReason)
  })

  it('RT-11: a token newer than the record means that the store lost writes: the record follows it, nobody is punished', async () => {
    const h = await begin()
    const { jar, session, user } = await signedIn(h, 'ada')
    const backup = await h.store.sessions.find(session.id)
    let newest = jar
    for (let i = 0; i < 3; i++) {
      await later(h, MINUTE)
      newest = await refreshed(h.auth, newest)
    }
    const restored = await hybridHouse({ clock: h.clock })
    await restored.store.users.create(user, emailKey(user.email))
    if (backup) await restored.store.sessions.start(backup, null, h.clock.now())
    const after = await refreshed(restored.auth, newest)
    expect([after.refresh, after.number]).toEqual([newest.refresh, 3])
    expect(restored.events.filter(({ type }) => type === 'store.regressed')).toMatchObject([
      { severity: 'error', data: { by: 3 } },
    ])
    expect(typesOf(restored, 'token.reused', 'session.ended')).toEqual([])
    expect((await restored.store.sessions.find(session.id))?.counter).toBe(3)
    await later(restored, 31_000)
    expect((await refreshed(restored.auth, after)).number).toBe(4)
    await restored.close()
  })
})
