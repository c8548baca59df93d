import { ErrorReply } from '@redis/client'
import { ConfigurationError, StoreUnavailable } from '../../errors.ts'

/** What a server answers when something stands in the way of every command, by its first word. */
const STATES: readonly string[] = [
  ...['LOADING', 'MASTERDOWN', 'READONLY', 'CLUSTERDOWN', 'TRYAGAIN', 'ASK', 'MOVED', 'OOM', 'NOREPLICAS', 'BUSY'],
  ...['MISCONF', 'NOAUTH', 'WRONGPASS', 'NOPERM', 'NOSCRIPT', 'EXECABORT', 'UNKILLABLE', 'CROSSSLOT'],
]

/** Where a Cluster has moved what was asked for. */
const MOVED = /^MOVED \d+ (.*):(\d+)$/

/** What a script of ours gets to read while the slot it works on moves to another node. */
const MOVING = 'non local key'

/** What a user is told whose script calls what they may not, by the versions there are. */
const FORBIDDEN = /ACL failure in script|user executing the script can't/

/** What a command failed with, as far as the server said it: its first word. Null for what did not come from there. */
export function answerOf(error: unknown): string | null {
  if (!(error instanceof ErrorReply)) return null
  if (error.message.includes(MOVING)) return 'TRYAGAIN'
  if (FORBIDDEN.test(error.message)) return 'NOPERM'
  const [word = ''] = error.message.split(' ', 1)
  return STATES.includes(word) ? word : 'ERR'
}

/** Where to ask instead; an empty host is the one that was asked. */
export function movedTo(error: unknown): { readonly host: string; readonly port: number } | null {
  const found = error instanceof Error ? MOVED.exec(error.message) : null
  return found ? { host: found[1] as string, port: Number(found[2]) } : null
}

/**
 * What a caller of the store is told. The cause says what kind of fault it was and nothing else: the server's messages quote
 * what was sent.
 */
export function faultOf(error: unknown): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error
  const answer = answerOf(error)
  if (answer === null) return new StoreUnavailable('the Redis server cannot be reached')
  return new StoreUnavailable('the Redis server failed', { cause: { code: answer } })
}

/** What the server answered, as `faultOf` has put it. */
function causeOf({ cause }: StoreUnavailable): unknown {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : null
}

/** What whoever starts the program is told, when the server is not one that can be used. @param where without password */
export function openingFault(error: unknown, where: string): unknown {
  if (error instanceof ConfigurationError) return error
  const answer = error instanceof StoreUnavailable ? causeOf(error) : answerOf(error)
  if (answer === 'NOAUTH' || answer === 'WRONGPASS') {
    return new ConfigurationError(`the Redis server does not let this user in at ${where}: check name and password`)
  }
  if (answer === 'NOPERM') {
    return new ConfigurationError(
      `this user may not do what is needed at ${where}: see the user in docs/operations.md, and that keys and channels are those of the prefix`,
    )
  }
  if (answer === 'READONLY') {
    return new ConfigurationError(`the Redis server at ${where} is a replica: name the primary`)
  }
  if (error instanceof ErrorReply && /^ERR (?:SELECT|DB index) /.test(error.message)) {
    return new ConfigurationError(
      `the Redis server at ${where} does not have the database of the address: leave the number at its end out`,
    )
  }
  return faultOf(error)
}
