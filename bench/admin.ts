import { join } from 'node:path'
import { postgres } from '../src/postgres.ts'
import { sqlite } from '../src/sqlite.ts'
import type { Store } from '../src/store.ts'
import { eventValues, INSERT_EVENT } from '../src/stores/sql/audit-list.ts'
import { INSERT_SESSION, valuesOf } from '../src/stores/sql/session-row.ts'
import { INSERT_USER, valuesOf as userValues } from '../src/stores/sql/user-row.ts'
import { emailKey } from '../src/user.ts'
import { postgresServer } from '../test/support/postgres-server.ts'
import { type Measured, measured } from './admin/pages.ts'
import { happened, opened, someone } from './admin/people.ts'
import type { Bench } from './lib/bench.ts'
import { type Bulk, postgresBulk, sqliteBulk } from './lib/bulk.ts'
import { guard } from './lib/guard.ts'
import { say } from './lib/progress.ts'
import type { Report } from './lib/report.ts'

/** Milliseconds that any first page may take. */
const BAR = 100

const PASSWORD = 'a long enough passphrase'

export const admin: Bench = {
  about: 'first pages of the administration over a million users, sessions and events, in SQLite and PostgreSQL',
  patience: 20_000,
  async run({ quick, folder }) {
    const count = quick ? 100_000 : 1_000_000
    const times = quick ? 20 : 50
    const file = join(folder, 'admin.db')
    const inSqlite = await of('SQLite', sqlite(file), async () => sqliteBulk(file), count, times)
    const server = await postgresServer({
      settings: { shared_buffers: '1GB', maintenance_work_mem: '512MB', max_wal_size: '8GB' },
    })
    try {
      const url = server.url()
      const store = postgres(url, { schema: 'admin', connections: 4 })
      const inPostgres = await of('PostgreSQL', store, () => postgresBulk(url, 'admin'), count, times)
      const both = [inSqlite, inPostgres]
      return { tables: both.flatMap(({ tables }) => tables), bars: both.flatMap(({ bars }) => bars) }
    } finally {
      await server.close()
    }
  },
}

async function of(
  name: string,
  store: Store,
  open: () => Promise<Bulk>,
  count: number,
  times: number,
): Promise<Report> {
  await store.users.source.open()
  const now = Date.now()
  say(`Filling ${name} with ${count.toLocaleString('en')} users, sessions and events …`)
  const bulk = await open()
  const user = (i: number) => someone(i, now, count)
  const begun = performance.now()
  await bulk.fill(`${INSERT_USER} VALUES (${Array(14).fill('?')})`, count, (i) =>
    userValues(user(i), emailKey(user(i).email)),
  )
  await bulk.fill('INSERT INTO user_roles (role, created_at, user_id) VALUES (?, ?, ?)', count, (i) => [
    user(i).roles.at(-1) as string,
    user(i).createdAt,
    user(i).id,
  ])
  await bulk.fill(INSERT_SESSION, count, (i) => valuesOf(opened(i, now, count)))
  await bulk.fill(INSERT_EVENT, count, (i) => [...eventValues(happened(i, now, count)), i + 1])
  await bulk.run(
    `INSERT INTO audit_state (id, position) VALUES (1, ${count}) ON CONFLICT (id) DO UPDATE SET position = ${count}`,
  )
  await bulk.run('ANALYZE')
  await bulk.close()
  say(`… in ${Math.round((performance.now() - begun) / 1000)} s`)

  const auth = await guard(store)
  const email = 'console@example.com'
  await auth.users.create({ email, password: PASSWORD, roles: ['admin'] })
  const signedIn = await auth.signIn({ email, password: PASSWORD })
  if (!signedIn.ok || signedIn.value.status !== 'signed_in') throw new Error('the administrator is not let in')
  const cookie = signedIn.value.carried.cookies[0]?.split(';')[0] as string
  const given = {
    USER: user(500).id,
    TYPE: happened(500, now, count).type,
    FROM: `${now - 60_000}`,
    TO: `${now - 30_000}`,
  }
  const rows = await measured(auth, cookie, given, times)
  await auth.close()
  return report(name, count, rows)
}

function report(name: string, count: number, rows: readonly Measured[]): Report {
  const slowest = rows.reduce((one, other) => (other.p99 > one.p99 ? other : one))
  return {
    tables: [
      {
        title: `first pages in ${name}, ${count.toLocaleString('en')} users, sessions and events, milliseconds`,
        columns: [
          { key: 'page', label: '' },
          { key: 'items', label: 'items' },
          { key: 'more', label: 'more' },
          { key: 'p50', label: 'p50', digits: 1 },
          { key: 'p99', label: 'p99', digits: 1 },
        ],
        rows,
        notes: ['From the request to the last byte of the answer, in one process. A short page with more leads on.'],
      },
    ],
    bars: [
      {
        name: `any first page in ${name}, p99`,
        wanted: `≤ ${BAR} ms`,
        measured: `${slowest.p99.toFixed(1)} ms (${slowest.page})`,
        met: slowest.p99 <= BAR,
      },
    ],
  }
}
