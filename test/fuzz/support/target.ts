import type { Auth } from '../../../src/auth.ts'
import { type PageHandler, pages } from '../../../src/pages/pages.ts'
import { memory } from '../../../src/stores/memory/memory.ts'
import { type FaultyStore, faulty } from '../../faults/support/faulty.ts'
import { admit, type Held, type Person, passwordRecord } from '../../faults/support/people.ts'
import { lasting } from '../../faults/support/shots.ts'
import { house } from '../../support/house.ts'

/** What generated texts can name instead of guessing it: `{member}` is the token of someone who is signed in. */
const NAMES = ['member', 'admin', 'ended', 'locked', 'unknown', 'sid', 'uid', 'email', 'csrf'] as const

/** An installation to be fuzzed, with people in it. */
export type Target = {
  readonly auth: Auth
  readonly pages: PageHandler
  readonly store: FaultyStore
  /** Puts what they stand for in the place of names in braces. */
  fill(text: string): string
  /** Lets new people in, for those a request may have signed out or deleted. */
  renew(): Promise<void>
  close(): Promise<void>
}

/** The proxy that forwards, and an origin that scripts may come from. */
export const PROXY = '10.0.0.1'
export const PARTNER = 'https://partner.example'

export async function target(): Promise<Target> {
  const store = faulty(memory())
  const base = await house({
    store: store.store,
    trustedProxies: ['10.0.0.0/8'],
    cors: { origins: [PARTNER] },
    timeouts: { idle: '5d', absolute: '20d', remember: false },
  })
  const { auth, clock } = base
  const record = await passwordRecord(store.store)
  const now = clock.now()
  const given = { record, now, sessions: 1, session: lasting(now) }
  const first = (person: Person) => person.sessions[0] as Held
  const newcomer = (roles: readonly string[]) => admit(store.store, { ...given, roles })

  const [ended, locked] = [await newcomer(['member']), await newcomer(['member'])]
  await auth.end(first(ended).sid)
  await auth.lock(locked.id)
  const values = new Map<string, string>([
    ['ended', first(ended).token],
    ['locked', first(locked).token],
    ['unknown', 'Zz0'.repeat(21).concat('A')],
  ])
  async function renew(): Promise<void> {
    const [member, admin] = [await newcomer(['member']), await newcomer(['admin'])]
    values.set('member', first(member).token)
    values.set('admin', first(admin).token)
    values.set('sid', first(member).sid)
    values.set('uid', member.id)
    values.set('email', member.email)
    values.set('csrf', auth.csrfToken(first(member).sid))
  }
  await renew()
  const named = new RegExp(`\\{(${NAMES.join('|')})\\}`, 'g')
  return {
    auth,
    pages: pages(auth, { under: ['', '/auth'] }),
    store,
    fill: (text) => text.replace(named, (_, name: string) => values.get(name) ?? ''),
    renew,
    close: base.close,
  }
}
