import type { Credential } from '../../credential.ts'
import type { Credentials, Source } from '../../store.ts'
import type { UserId } from '../../user.ts'
import type { Driver, Value } from './driver.ts'

type CredentialRow = {
  readonly user_id: string
  readonly kind: string
  readonly id: string
  readonly record: string
  readonly version: number
  readonly created_at: number
  readonly updated_at: number
  readonly disabled_at: number | null
}

const COLUMNS = 'user_id, kind, id, record, version, created_at, updated_at, disabled_at'
const THIS = 'WHERE user_id = ? AND kind = ? AND id = ?'

const FIND = `SELECT ${COLUMNS} FROM credentials ${THIS}`
const LIST = `SELECT ${COLUMNS} FROM credentials WHERE user_id = ? ORDER BY kind, id`
const ADD = `INSERT INTO credentials (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
const REPLACE = `UPDATE credentials SET record = ?, version = version + 1, updated_at = ?, disabled_at = NULL
  ${THIS} AND version = ?`
const DISABLE = `UPDATE credentials SET disabled_at = ?, version = version + 1 ${THIS} AND disabled_at IS NULL`
const REMOVE = `DELETE FROM credentials ${THIS}`
const REMOVE_ALL = 'DELETE FROM credentials WHERE user_id = ?'

export function credentialsPort(driver: Driver, source: Source): Credentials {
  const write = async (sql: string, ...values: readonly Value[]) => (await driver.run(sql, ...values)) > 0
  return {
    source,
    async find(userId, kind, id) {
      const row = await driver.one<CredentialRow>(FIND, userId, kind, id)
      return row ? credentialOf(row) : null
    },
    async list(userId) {
      return (await driver.all<CredentialRow>(LIST, userId)).map(credentialOf)
    },
    add: ({ userId, kind, id, record, version, createdAt, updatedAt, disabledAt }) =>
      write(ADD, userId, kind, id, record, version, createdAt, updatedAt, disabledAt),
    replace: (userId, kind, id, expected, record, now) => write(REPLACE, record, now, userId, kind, id, expected),
    async disable(userId, kind, id, now) {
      await write(DISABLE, now, userId, kind, id)
    },
    async remove(userId, kind, id) {
      await (kind === null ? write(REMOVE_ALL, userId) : write(REMOVE, userId, kind, id))
    },
  }
}

function credentialOf(row: CredentialRow): Credential {
  return {
    userId: row.user_id as UserId,
    kind: row.kind,
    id: row.id,
    record: row.record,
    version: row.version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    disabledAt: row.disabled_at,
  }
}
