import { type Auth, createAuth, memory, type Options, type Store, session } from '../../src/index.ts'
import { sqlite } from '../../src/sqlite.ts'

export type Kept = 'memory' | 'sqlite'

const SECRET = 'k3V9-xQ2m_Tz81LrPw7uHd4YbNf6sGjEo0'

/** The store of an installation, open. */
export async function openStore(kept: Kept, file: string): Promise<Store> {
  const store = kept === 'memory' ? memory() : sqlite(file)
  await store.users.source.open()
  return store
}

/** The guard as a README would make it, and its view leased. Faults are shown. */
export async function guard(store: Store, options: Partial<Options> = {}): Promise<Auth> {
  const error = (fields: object, message: string) => console.error(message, fields)
  const log = { info() {}, warn() {}, error }
  const auth = createAuth({
    store,
    strategy: session(),
    baseUrl: 'https://app.example',
    secret: SECRET,
    log,
    ...options,
  })
  await auth.ready()
  return auth
}
