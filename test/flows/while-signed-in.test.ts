import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Auth, type Session, SessionEnded } from '../../src/index.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { type House, holding, house, must } from '../support/house.ts'

const MINUTE = 60_000

let h: House
beforeAll(async () => {
  h = await house({ nodes: 2 })
})
afterAll(() => h.close())

async function someone(label: string): Promise<Session> {
  const { carrier } = await h.enter(label)
  return must(await h.auth.authenticate(carrier)).session
}

function codeOf(signal: AbortSignal): unknown {
  return signal.reason instanceof SessionEnded ? signal.reason.code : signal.reason
}

describe('a signal that lasts as long as the session', () => {
  it('TE-11: fires when the session ends here, and when it ends on another node', async () => {
    const elsewhere = h.nodes[1] as Auth
    for (const [label, node] of [
      ['here', h.auth],
      ['elsewhere', elsewhere],
    ] as const) {
      const session = await someone(label)
      const signal = h.auth.whileSignedIn(session)
      await h.clock.advance(MINUTE)
      expect(signal.aborted).toBe(false)
      await h.patiently(node.end(session.id))
      await h.clock.advance(10)
      expect(codeOf(signal), label).toBe('session_revoked')
    }
  })

  it('TE-11: fires when all sessions of the user end, when they are locked, and when everyone is signed out', async () => {
    const endings: readonly ((session: Session) => Promise<unknown>)[] = [
      ({ userId }) => h.auth.endAll(userId),
      ({ userId }) => h.auth.lock(userId),
      () => h.auth.endEveryone(),
    ]
    for (const [i, end] of endings.entries()) {
      const session = await someone(`all-${i}`)
      const signal = h.auth.whileSignedIn(session)
      await h.clock.advance(10)
      await h.patiently(end(session))
      await h.clock.advance(10)
      expect(signal.aborted, String(i)).toBe(true)
    }
  })

  it('P5: fires when time is up, and is itself no activity', async () => {
    const session = await someone('idle')
    const signal = h.auth.whileSignedIn(session)
    await h.clock.advance(30 * MINUTE - 1)
    expect(signal.aborted).toBe(false)
    await h.clock.advance(1)
    expect(codeOf(signal)).toBe('session_expired_idle')
  })

  it('lasts on while the session is used elsewhere', async () => {
    const { carrier } = await h.enter('busy')
    const { session } = must(await h.auth.authenticate(carrier))
    const signal = h.auth.whileSignedIn(session)
    for (let i = 0; i < 4; i++) {
      await h.clock.advance(20 * MINUTE)
      must(await h.auth.authenticate(carrier))
    }
    expect(signal.aborted).toBe(false)
  })

  it('TE-11: fires at once of what is over, and soon of what ended just before it was asked for', async () => {
    const session = await someone('late')
    await h.patiently(h.auth.end(session.id))
    const signal = h.auth.whileSignedIn(session)
    await h.clock.advance(0)
    expect(codeOf(signal)).toBe('session_revoked')
    const over = h.auth.whileSignedIn({ ...session, endedAt: 1, endReason: 'signed_out' })
    expect(codeOf(over)).toBe('signed_out')
  })

  it('is one signal a session, given up with the last who asked for a time', async () => {
    const session = await someone('shared')
    const [one, two] = [new AbortController(), new AbortController()]
    const signal = h.auth.whileSignedIn(session, one.signal)
    expect(h.auth.whileSignedIn(session, two.signal)).toBe(signal)
    one.abort()
    expect(h.auth.whileSignedIn(session, AbortSignal.abort())).toBe(signal)
    two.abort()
    expect(h.auth.whileSignedIn(session)).not.toBe(signal)
    await h.patiently(h.auth.end(session.id))
    await h.clock.advance(10)
    expect(signal.aborted).toBe(false)
  })

  it('stays with whoever asked without an end, whoever else leaves', async () => {
    const session = await someone('for-good')
    const leaving = new AbortController()
    const signal = h.auth.whileSignedIn(session)
    h.auth.whileSignedIn(session, leaving.signal)
    leaving.abort()
    await h.patiently(h.auth.end(session.id))
    await h.clock.advance(10)
    expect(signal.aborted).toBe(true)
  })
})

it('TE-11: a node that may have missed an ending asks again', async () => {
  const store = memory()
  const { feed } = store.sessions.source
  let lost = false
  const read: typeof feed.read = async (...given) => {
    const answer = await feed.read(...given)
    return lost ? { ...answer, entries: [], lost: true, complete: false } : answer
  }
  const muffled = { ...feed, read, onAppend: () => () => {} }
  const source = { ...store.sessions.source, feed: muffled }
  const ports = Object.entries(store).map(([name, port]) => [name, { ...port, source }])
  const deaf = await house({ store: Object.fromEntries(ports) })
  // When each asks comes of its id, and the earliest would be in time whatever is put off.
  const sessions: Session[] = []
  for (let n = 0; n < 12; n++) {
    const { carrier } = await deaf.enter(`someone-${n}`)
    sessions.push(must(await deaf.auth.authenticate(carrier)).session)
  }
  const signals = sessions.map((session) => deaf.auth.whileSignedIn(session))
  await deaf.clock.advance(10)
  lost = true
  for (const { id, lastActiveAt } of sessions) {
    await store.sessions.end(id, 'session_revoked', deaf.clock.now(), lastActiveAt)
  }
  await deaf.clock.advance(10_000)
  expect(signals.map(codeOf)).toEqual(sessions.map(() => 'session_revoked'))
  await deaf.close()
})

it('jwt: fires when the token ends that it was read from, and when the session does', async () => {
  const h = await house({ strategy: jwt() })
  const { carrier, signedIn } = await h.enter('someone')
  const { session } = must(await h.auth.authenticate(carrier))
  const signal = h.auth.whileSignedIn(session)
  await h.clock.advance(10 * MINUTE)
  const who = must(await h.auth.authenticate(carrier))
  const renewed = must(await h.auth.renew(who))
  const next = holding({ cookie: renewed.carried.cookies[0]?.split(';')[0] as string })
  const later = h.auth.whileSignedIn(must(await h.auth.authenticate(next)).session)
  await h.clock.advance(6 * MINUTE)
  expect(codeOf(signal)).toBe('token_stale')
  expect(later.aborted).toBe(false)
  await h.patiently(h.auth.end(signedIn.session.id))
  await h.clock.advance(10)
  expect(codeOf(later)).toBe('session_revoked')
  await h.close()
})
