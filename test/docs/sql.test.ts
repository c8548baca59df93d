import { Client } from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createAuth, session } from '../../src/index.ts'
import { postgres } from '../../src/postgres.ts'
import { type PostgresServer, postgresServer } from '../support/postgres-server.ts'
import { describeWith } from '../support/services.ts'
import { blocksOf } from './pages.ts'

const PASSWORD = 'made by: openssl rand -hex 24'

describeWith('postgres')('the SQL of docs/operations.md', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await postgresServer()
  })
  afterAll(() => server?.close())

  const address = (user: string) => `postgres://${user}:${encodeURIComponent(PASSWORD)}@127.0.0.1:${server.port}/auth`

  async function run(url: string, text: string): Promise<void> {
    const client = new Client(url)
    await client.connect()
    try {
      for (const one of text.split(/;\n/)) if (one.trim() !== '') await client.query(one)
    } finally {
      await client.end()
    }
  }

  /** A guard over this database does what it is for. */
  async function works(url: string): Promise<void> {
    const auth = createAuth({
      store: postgres(url),
      strategy: session(),
      baseUrl: 'https://app.example',
      secret: 'of a test: 0123456789 abcdefghijkl',
    })
    try {
      const made = await auth.signUp({ email: 'ann@example.com', password: 'quite a long passphrase' })
      expect(made.ok || made.refusal.code).toSatisfy((it) => it === true || it === 'email_taken')
      expect(await auth.users.findByEmail('ann@example.com')).toMatchObject({ status: 'active' })
    } finally {
      await auth.close()
    }
  }

  it('makes a user who owns one database, and another who may do less, with whom servers run', async () => {
    const [owner = '', less = '', ...more] = blocksOf('docs/operations.md')
      .filter(({ kind }) => kind === 'sql')
      .map(({ text }) => text)
    expect(more).toEqual([])
    await run(server.url(), owner)
    await works(address('auth'))
    await run(server.url(), `CREATE ROLE auth_server LOGIN PASSWORD '${PASSWORD}'`)
    await run(address('auth'), less)
    await works(address('auth_server'))
    await expect(run(address('auth_server'), 'CREATE TABLE sallyport.mine (a int)')).rejects.toThrow(
      'permission denied',
    )
  })
})
