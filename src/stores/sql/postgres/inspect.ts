import pg, { type Client } from 'pg'
import { systemClock } from '../../../clock.ts'
import { milliseconds } from '../../../duration.ts'
import { ADMINS, type Inspected, type KeptKey, keysSeen, peopleSeen, policySeen, STORED_POLICY } from '../inspected.ts'
import { DEFAULTS, type PostgresOptions } from '../postgres.ts'
import { openingFault } from './errors.ts'
import { pending } from './migrate.ts'
import { type Settings, settingsOf } from './settings.ts'
import { statement } from './statement.ts'

/** What a look at a database tells. */
export type PostgresInspection = {
  readonly server: PostgresServer
  /** Null when there is no schema, or nothing in it. */
  readonly held: Inspected | null
}

/** The server, and how it is reached. */
export type PostgresServer = {
  /** As the server counts: 150014 is 15.14. */
  readonly version: number
  /** A standby, or a server that is being restored. */
  readonly isRecovering: boolean
  /** Whether the way to it stays on this machine. */
  readonly isLocal: boolean
  readonly isEncrypted: boolean
  /** Whether the certificate is checked; nothing where there is none. */
  readonly isVerified: boolean
  readonly isSuperuser: boolean
  /** Whether this user may make tables in the schema, or the schema where there is none. */
  readonly mayCreate: boolean
  readonly fsync: boolean
  readonly fullPageWrites: boolean
  /** As it is for this user, unless a connection says otherwise. */
  readonly synchronousCommit: string
  /** Whether commits wait for standbys: `synchronous_standby_names` is not empty. */
  readonly waitsForStandbys: boolean
  /** Standbys that are attached now. */
  readonly standbys: number
  /** How far its clock is ahead of this machine's, milliseconds, as far as the way there and back leaves no doubt. */
  readonly ahead: number
}

/** For all that is not of the server itself: how long a look may take. */
const begin = ({ schema, patience }: Settings) => `SET default_transaction_read_only TO on;
  SET statement_timeout TO ${patience}; SET lock_timeout TO ${patience}; SET search_path TO "${schema}"`

/** Who may not see what others do still sees that they are there; who follows a logical slot is no standby. */
const SERVER = `SELECT current_setting('server_version_num')::integer AS version,
    pg_is_in_recovery() AS "isRecovering",
    current_setting('is_superuser') = 'on' AS "isSuperuser",
    floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
    CASE WHEN to_regnamespace(?) IS NULL THEN has_database_privilege(current_database(), 'CREATE')
      ELSE has_schema_privilege(to_regnamespace(?), 'CREATE') END AS "mayCreate",
    current_setting('fsync') = 'on' AS fsync,
    current_setting('full_page_writes') = 'on' AS "fullPageWrites",
    current_setting('synchronous_commit') AS "synchronousCommit",
    current_setting('synchronous_standby_names') <> '' AS "waitsForStandbys",
    (SELECT count(*) FROM pg_stat_replication r WHERE coalesce(r.state, 'streaming') IN ('startup', 'catchup', 'streaming')
      AND NOT EXISTS (SELECT FROM pg_replication_slots s WHERE s.active_pid = r.pid AND s.slot_type = 'logical')) AS standbys`

const HAS = 'SELECT to_regclass(?) IS NOT NULL AS found'
const KEYS = 'SELECT kid, sealed, created_at FROM keys WHERE sealed IS NOT NULL'

/**
 * Looks at a database without changing anything of it, also while servers use it, and also at a standby.
 * @param secrets master secrets, newest first
 * @throws ConfigurationError when the schema is none of ours, or of a newer version, or the user may not in; `StoreUnavailable` when the
 * server cannot be reached.
 */
export async function inspectPostgres(
  url: string,
  secrets: readonly string[],
  options: PostgresOptions = {},
): Promise<PostgresInspection> {
  const { schema, connections } = { ...DEFAULTS, ...options }
  const patience = milliseconds(options.patience ?? DEFAULTS.patience, 'postgres() patience')
  const settings = settingsOf(url, { schema, connections, patience })
  let client: Client | null = null
  try {
    client = new pg.Client(settings.client)
    // It is told by the statement that failed.
    client.on('error', () => {})
    await client.connect()
    await client.query(begin(settings))
    return { server: await serverOf(client, settings), held: await heldIn(client, settings, secrets) }
  } catch (error) {
    throw openingFault(error, settings.where, schema)
  } finally {
    await client?.end().catch(() => {})
  }
}

/** What the server says of itself. */
type Told = Omit<PostgresServer, 'isLocal' | 'isEncrypted' | 'isVerified' | 'ahead'>

async function serverOf(client: Client, { schema }: Settings): Promise<PostgresServer> {
  const before = systemClock.now()
  const { rows } = await client.query(statement(SERVER, [`"${schema}"`, `"${schema}"`]))
  const after = systemClock.now()
  const { now, ...told } = rows[0] as Told & { readonly now: number }
  // Declared as a flag; with certificates or their checks named, it is an object.
  const tls: unknown = client.ssl
  const isUnchecked = typeof tls === 'object' && tls !== null && 'rejectUnauthorized' in tls && !tls.rejectUnauthorized
  return {
    ...told,
    ahead: now > after ? now - after : Math.min(0, now - before),
    isLocal: isLocal(client.host),
    isEncrypted: Boolean(tls),
    isVerified: Boolean(tls) && !isUnchecked,
  }
}

/** Whether the way to a host stays on this machine: a folder with a socket, or the loopback. */
export function isLocal(host: string): boolean {
  return /^(?:\/.*|localhost|127(?:\.\d+){3}|::1)$/.test(host)
}

async function heldIn(
  client: Client,
  settings: Settings,
  secrets: readonly string[],
): Promise<PostgresInspection['held']> {
  const lacking = await pending(client, settings)
  if (lacking === null) return null
  // A database that lacks migrations may lack tables.
  async function rowsOf(table: string, sql: string): Promise<readonly unknown[]> {
    const { rows } = await client.query(statement(HAS, [`"${settings.schema}".${table}`]))
    return rows[0].found ? (await client.query(sql)).rows : []
  }
  const { rows: people } = await client.query(ADMINS)
  return {
    pending: lacking.length,
    keys: keysSeen((await rowsOf('keys', KEYS)) as readonly KeptKey[], secrets),
    people: peopleSeen(people[0]),
    policy: policySeen(await rowsOf('settings', STORED_POLICY)),
  }
}
