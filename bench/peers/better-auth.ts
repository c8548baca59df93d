import { DatabaseSync } from 'node:sqlite'
import { betterAuth } from 'better-auth'
import { memoryAdapter } from 'better-auth/adapters/memory'
import { getMigrations } from 'better-auth/db/migration'
import type { Peer, PeerOptions } from '../lib/peer.ts'

/**
 * Better Auth as its guide sets it up, with so many people signed in. Its own password hash would take a minute here and
 * plays no part in reading a session, so it is replaced. Its limiter is off outside production anyway.
 */
export async function betterAuthPeer({ kept, cookieCache, people, file }: PeerOptions): Promise<Peer> {
  const database =
    kept === 'memory' ? memoryAdapter({ user: [], session: [], account: [], verification: [] }) : new DatabaseSync(file)
  const options = {
    database,
    baseURL: 'https://app.example',
    secret: 'k3V9-xQ2m_Tz81LrPw7uHd4YbNf6sGjEo0',
    telemetry: { enabled: false },
    emailAndPassword: {
      enabled: true,
      password: { hash: async (password: string) => password, verify: async () => true },
    },
    ...(cookieCache && { session: { cookieCache: { enabled: true, maxAge: 5 * 60 } } }),
  }
  if (database instanceof DatabaseSync) {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
    const { runMigrations } = await getMigrations(options)
    await runMigrations()
  }
  const auth = betterAuth(options)
  const signedIn: Headers[] = []
  for (let i = 0; i < people; i++) {
    const body = { email: `person-${i}@example.com`, password: 'a long enough passphrase', name: `Person ${i}` }
    const { headers } = await auth.api.signUpEmail({ body, returnHeaders: true })
    const cookies = headers.getSetCookie().map((one) => one.split(';')[0])
    signedIn.push(new Headers({ cookie: ['theme=dark', ...cookies, 'lang=en-GB'].join('; ') }))
  }
  return {
    signedIn,
    async isSignedIn(headers) {
      return (await auth.api.getSession({ headers })) !== null
    },
  }
}
