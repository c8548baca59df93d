import { ConfigurationError } from '../../index.ts'
import { type Flags, settings } from '../config.ts'
import type { Environment } from '../environment.ts'
import { address, cookies, proxies } from './address.ts'
import { database, files } from './disk.ts'
import { type Facts, gather } from './facts.ts'
import { type Finding, fromMessage, inOrder, ok, warn } from './finding.ts'
import { guessing, hashingWork, skipped } from './guessing.ts'
import { administrators, keyAge, retention } from './kept.ts'
import { signingKeys } from './keys.ts'
import { mail } from './mail.ts'
import { choices, limits, log, passwords, signUp } from './people.ts'
import { exposed, inside, lasting, listening, measured, origins } from './place.ts'
import { postgres } from './postgres.ts'
import { redis } from './redis.ts'
import { secrets } from './secrets.ts'
import { tokens } from './tokens.ts'

type Check = (facts: Facts) => readonly Finding[]

const start: Check = ({ faults }) => faults.map(fromMessage)

const mode: Check = ({ production }) =>
  production
    ? [ok('judged as production')]
    : [ok('judged as development', 'set NODE_ENV=production to judge what goes live')]

const inVain: Check = ({ warnings }) => warnings.map((line) => warn(line, 'correct the name, or remove it'))

const CHECKS: readonly Check[] = [
  ...[start, mode, inVain, secrets, address, cookies, proxies, signUp, limits, passwords, mail, log],
  ...[tokens, signingKeys, files, database, postgres, redis],
  ...[
    exposed,
    listening,
    measured,
    lasting,
    origins,
    skipped,
    inside,
    guessing,
    hashingWork,
    choices,
    administrators,
    keyAge,
    retention,
  ],
]

/** What there is to say of the facts, worst first. */
export function judge(facts: Facts): readonly Finding[] {
  return inOrder(CHECKS.flatMap((check) => check(facts)))
}

/** Looks at the configuration and what is kept, and changes nothing. What cannot be read at all is the one finding then. */
export async function examine(flags?: Flags, env?: Environment, folder?: string): Promise<readonly Finding[]> {
  try {
    return judge(await gather(await settings(flags, env, folder)))
  } catch (fault) {
    if (fault instanceof ConfigurationError) return [fromMessage(fault.message)]
    throw fault
  }
}
