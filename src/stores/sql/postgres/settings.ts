import pg, { type ClientConfig } from 'pg'
import { ConfigurationError } from '../../../errors.ts'

/** How the database is reached, and what every connection to it begins with. */
export type Settings = {
  readonly client: ClientConfig
  /** Host, port and database, for people. */
  readonly where: string
  readonly schema: string
  /** Milliseconds a statement may take, a lock may be waited for, and a connection. */
  readonly patience: number
  /** Connections for everything but the feed, which has one of its own. */
  readonly connections: number
}

/** How much longer this end waits than the server, which can say why it gave up. Milliseconds. */
const SLACK = 1000

/** Whole numbers: times and counts of ours are within 2^53. */
const INT8 = 20

/** Names that begin with pg_ belong to the server. */
const SCHEMA = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/

/** @throws ConfigurationError that says what to write instead, and nothing of the password. */
export function settingsOf(
  url: string,
  given: { readonly schema: string; readonly connections: number; readonly patience: number },
): Settings {
  const { schema, connections, patience } = given
  if (!SCHEMA.test(schema)) {
    throw new ConfigurationError(
      'postgres() schema is not a plain name: write 1 to 63 small letters, digits and underscores, not beginning with pg_',
    )
  }
  if (!Number.isSafeInteger(connections) || connections < 1) {
    throw new ConfigurationError(`postgres() connections is ${connections}: write a whole number from 1`)
  }
  const address = addressOf(url)
  return {
    client: {
      connectionString: url,
      connectionTimeoutMillis: patience,
      query_timeout: patience + SLACK,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      pipeline: true,
      application_name: address.searchParams.get('application_name') ?? 'sallyport',
      types: { getTypeParser: (id, format) => (id === INT8 ? Number : pg.types.getTypeParser(id, format)) },
    } as ClientConfig,
    where: `${address.host || 'localhost'}${address.pathname}`,
    ...given,
  }
}

function addressOf(url: string): URL {
  const address = typeof url === 'string' && /^postgres(?:ql)?:\/\//i.test(url) ? URL.parse(url) : null
  // What stands in a password and ends it would be shown as the host or the database.
  if (address && address.hash === '' && !`${address.pathname}${address.search}`.includes('@')) return address
  throw new ConfigurationError(
    'postgres() is not given the address of a database: write postgres://user:password@host:5432/database, with %23, %2F, %3F and %40 for # / ? @ in the password',
  )
}

/**
 * What every connection begins with, whatever the server's defaults are: verbs rely on each statement seeing what is committed when it
 * begins, and an ending is answered when the disk has it. Fails on a server that is in recovery: what it has may be old.
 */
export function greeting({ schema, patience }: Settings): string {
  return `SET search_path TO "${schema}";
    SET default_transaction_isolation TO 'read committed';
    SET statement_timeout TO ${patience};
    SET lock_timeout TO ${patience};
    SET idle_in_transaction_session_timeout TO ${patience + SLACK};
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off';
    SELECT pg_current_wal_lsn()`
}
