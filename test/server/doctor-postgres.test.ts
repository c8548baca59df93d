import { describe, expect, it } from 'vitest'
import type { Database, Server } from '../../src/server/doctor/facts.ts'
import { postgres } from '../../src/server/doctor/postgres.ts'

const GOOD: Server = {
  where: 'db.example/auth',
  version: 170_002,
  isRecovering: false,
  isLocal: false,
  isEncrypted: true,
  isVerified: true,
  isSuperuser: false,
  mayCreate: true,
  fsync: true,
  fullPageWrites: true,
  synchronousCommit: 'on',
  waitsForStandbys: false,
  standbys: 0,
  ahead: 0,
}

const lacking = (pending: number): Database => ({
  state: 'found',
  found: {
    pending,
    keys: { kept: 0, opened: 0, byNewest: 0, newestAt: null },
    people: { any: false, admins: 0 },
    policy: null,
  },
})

const lines = (server: Partial<Server>, database = lacking(0)) =>
  postgres({ server: { ...GOOD, ...server }, database }).map(
    ({ level, what, instead }) => `${level} ${what} — ${instead}`,
  )

/** Everything that is not `ok`. */
const complaints = (server: Partial<Server>, database?: Database) =>
  lines(server, database).filter((line) => !line.startsWith('ok'))

describe('a PostgreSQL server', () => {
  it('that is good has its release said and nothing against it', () => {
    expect(complaints({})).toEqual([])
    expect(lines({})).toContain('ok db.example/auth is PostgreSQL 17.2 — null')
    expect(complaints({ isLocal: true, isEncrypted: false, isVerified: false })).toEqual([])
    expect(complaints({ standbys: 2, waitsForStandbys: true })).toEqual([])
    expect(complaints({ version: 140_000 })).toEqual([])
    expect(complaints({ ahead: 1000 })).toEqual([])
  })

  it('that is none has nothing said', () => {
    expect(postgres({ server: null, database: lacking(0) })).toEqual([])
  })

  it.each<[Partial<Server>, RegExp]>([
    [{ version: 130_021 }, /^bad db\.example\/auth is PostgreSQL 13\.21 — run version 14 or newer$/],
    [{ isRecovering: true }, /^bad .* is a standby .* — write the address of the primary$/],
    [
      { isEncrypted: false, isVerified: false },
      /^bad the connection to db\.example\/auth is not encrypted: .*sslmode=verify-full/,
    ],
    [{ isVerified: false }, /^warn nobody checks that db\.example\/auth is the server .* — write sslmode=verify-full/],
    [{ isSuperuser: true }, /^warn the database is used as superuser: .* — make a user that owns this database/],
    [{ fsync: false }, /^bad fsync is off: .* endings too — write fsync = on$/],
    [{ fullPageWrites: false }, /^bad full_page_writes is off: .* — write full_page_writes = on$/],
    [{ synchronousCommit: 'off' }, /^warn synchronous_commit is off: .* — write synchronous_commit = on$/],
    [
      { standbys: 1 },
      /^warn .*synchronous_standby_names is empty: a failover may lose endings that were acknowledged — .*docs\/operations\.md/,
    ],
    [
      { standbys: 1, waitsForStandbys: true, synchronousCommit: 'local' },
      /^warn synchronous_commit is local, .*: a failover may lose endings that were acknowledged — .*docs\/operations\.md/,
    ],
    [
      { ahead: 90_500 },
      /^warn the clock of this machine is 91 s behind that of db\.example\/auth — keep the clocks of the servers in step with NTP/,
    ],
    [{ ahead: -1001 }, /^warn the clock of this machine is 1 s ahead of that of db\.example\/auth — /],
    [{ waitsForStandbys: true }, /^bad commits wait for a standby, and none is attached: nothing can be written/],
  ])('%j', (server, line) => {
    expect(complaints(server)).toEqual([expect.stringMatching(line)])
  })

  it('whose user may make no tables is bad while tables are missing', () => {
    expect(complaints({ mayCreate: false })).toEqual([])
    expect(lines({ mayCreate: false })).toContainEqual(
      expect.stringMatching(/^ok .* at present need not — before a newer/),
    )
    for (const database of [lacking(1), { state: 'absent' } as const]) {
      expect(complaints({ mayCreate: false }, database)).toEqual([
        expect.stringMatching(/^bad this user may not make the tables that are missing — make it the owner/),
      ])
    }
  })
})
