import { ConfigurationError, StoreUnavailable } from '../../../errors.ts'

/** SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html). */
const SERIALIZATION_FAILURE = '40001'
const DEADLOCK_DETECTED = '40P01'
const IDLE_IN_TRANSACTION = '25P03'
const INVALID_AUTHORIZATION = '28'
const INVALID_CATALOG = '3D000'
const INSUFFICIENT_PRIVILEGE = '42501'
/** What `greeting` gets from a server in recovery. */
const NOT_IN_PREREQUISITE_STATE = '55000'

const RETRIABLE: readonly (string | null)[] = [SERIALIZATION_FAILURE, DEADLOCK_DETECTED, IDLE_IN_TRANSACTION]

/** The transaction came to nothing, because of another one or because this process did not go on with it: trying again makes sense. */
export function isRetriable(error: unknown): boolean {
  return RETRIABLE.includes(codeOf(error))
}

/** Whether the server answered, and so the connection can go on. */
export function isAnswer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && error.severity === 'ERROR'
}

/**
 * What a caller of the store is told. The cause says what kind of fault it was and nothing else: the server's messages quote
 * what was to be stored.
 */
export function faultOf(error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error
  const code = codeOf(error)
  const said = isAnswer(error) ? 'the PostgreSQL database failed' : 'the PostgreSQL database cannot be reached'
  return new StoreUnavailable(said, { cause: code === null ? undefined : { code } })
}

/** What whoever starts the program is told, when the database is not one that can be used. @param where without password */
export function openingFault(error: unknown, where: string, schema: string): unknown {
  if (error instanceof ConfigurationError || error instanceof StoreUnavailable) return error
  const code = codeOf(error)
  if (code?.startsWith(INVALID_AUTHORIZATION)) {
    return new ConfigurationError(
      `the PostgreSQL server does not let this user in at ${where}: check name and password`,
    )
  }
  if (code === INVALID_CATALOG) {
    return new ConfigurationError(`there is no such database at ${where}: create it, or name another`)
  }
  if (code === NOT_IN_PREREQUISITE_STATE) {
    return new ConfigurationError(`the PostgreSQL server at ${where} is a standby: name the primary`)
  }
  if (code === INSUFFICIENT_PRIVILEGE) {
    return new ConfigurationError(
      `this user may not make tables in the schema ${schema} at ${where}: have the schema made, and make the user its owner`,
    )
  }
  return faultOf(error)
}

/** A SQLSTATE, or a code of Node; null for what has none. */
function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
