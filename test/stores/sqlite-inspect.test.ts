import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { exportKey, generateKey, seal, sealing } from '../../src/crypto.ts'
import { ConfigurationError } from '../../src/errors.ts'
import { purposeOf } from '../../src/keyring.ts'
import { inspectSqlite } from '../../src/stores/sql/sqlite/inspect.ts'
import { closed, newFile, opened } from './sqlite-fixture.ts'

const [NEW, OLD, OTHER] = ['the newest secret', 'the secret before', 'another secret']

/** A closed database with a key sealed by each of these, and a removed one. */
async function holding(...secrets: readonly string[]): Promise<string> {
  const file = newFile()
  const store = await opened(file)
  let after: string | null = null
  for (const [i, secret] of [...secrets, NEW].entries()) {
    const key = await generateKey('EdDSA')
    const sealed = seal(sealing([secret]), exportKey(key), purposeOf(key.kid))
    const record = { kid: key.kid, alg: 'EdDSA', createdAt: i, signsFrom: i, sealed, removedAt: null }
    expect((await store.keys.add(record, after)).value).not.toBeNull()
    after = key.kid
  }
  await store.keys.remove(after ?? '', 'EdDSA', 100)
  await closed(store)
  return file
}

describe('a look at a database', () => {
  it('tells nothing of what is not there, or empty', async () => {
    const file = newFile()
    expect(inspectSqlite(file, [])).toBeNull()
    expect(readdirSync(dirname(file))).toEqual([])
    writeFileSync(file, '')
    expect(inspectSqlite(file, [])).toBeNull()
    expect(readdirSync(dirname(file))).toEqual(['auth.db'])
  })

  it('KM-08: tells which secrets open the keys, leaving removed ones out', async () => {
    const file = await holding(OLD, NEW, OLD)
    expect(inspectSqlite(file, [NEW, OLD])).toEqual({
      pending: 0,
      keys: { kept: 3, opened: 3, byNewest: 1, newestAt: expect.any(Number) },
      people: { any: false, admins: 0 },
      policy: null,
    })
    expect(inspectSqlite(file, [OLD, NEW])?.keys).toMatchObject({ kept: 3, opened: 3, byNewest: 2 })
    expect(inspectSqlite(file, [NEW])?.keys).toMatchObject({ kept: 3, opened: 1, byNewest: 1 })
    expect(inspectSqlite(file, [OTHER])?.keys).toMatchObject({ kept: 3, opened: 0, byNewest: 0 })
    expect(inspectSqlite(file, [])?.keys.opened).toBe(0)
  })

  it('changes nothing and leaves nothing behind', async () => {
    const file = await holding(NEW)
    const before = readFileSync(file)
    inspectSqlite(file, [NEW])
    expect(readFileSync(file).equals(before)).toBe(true)
    expect(readdirSync(dirname(file))).toEqual(['auth.db'])
  })

  it('sees what is in the log of a writer only', async () => {
    const file = await holding(NEW)
    const writer = new DatabaseSync(file)
    try {
      writer.exec('PRAGMA wal_autocheckpoint = 0; DELETE FROM keys WHERE removed_at IS NULL')
      expect(inspectSqlite(file, [NEW])?.keys.kept).toBe(0)
    } finally {
      writer.close()
    }
  })

  it('counts migrations that are missing, also the one that makes the keys', async () => {
    const file = await holding(NEW)
    const database = new DatabaseSync(file)
    database.exec('DELETE FROM migrations WHERE number > 1; DROP TABLE keys')
    database.close()
    const found = inspectSqlite(file, [NEW])
    expect(found?.pending).toBeGreaterThan(0)
    expect(found?.keys.kept).toBe(0)
  })

  it('refuses what is another program’s, newer, or no database', async () => {
    const foreign = newFile()
    const database = new DatabaseSync(foreign)
    database.exec('CREATE TABLE notes (text TEXT)')
    database.close()
    expect(() => inspectSqlite(foreign, [])).toThrow(/is the database of another program: name a file of its own/)
    const newer = await holding(NEW)
    const ours = new DatabaseSync(newer)
    ours.exec(`INSERT INTO migrations VALUES (9999, 'later', '')`)
    ours.close()
    expect(() => inspectSqlite(newer, [])).toThrow(/was written by a newer version of this program \(schema 9999\)/)
    const none = newFile()
    writeFileSync(none, 'something else entirely, and long enough to be no database')
    expect(() => inspectSqlite(none, [])).toThrow(ConfigurationError)
  })
})
