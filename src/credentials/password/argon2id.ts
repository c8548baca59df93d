import { hash, verify } from '@node-rs/argon2'
import { randomText } from '../../crypto.ts'
import { ConfigurationError } from '../../errors.ts'
import type { Algorithm, Cost } from './algorithm.ts'

/*
 * argon2id (RFC 9106) in PHC strings: $argon2id$v=19$m=<KiB>,t=<passes>,p=<lanes>$<salt>$<tag>, both base64 without padding.
 */

const SALT_BYTES = 16
const TAG_BYTES = 32
const LANES = 1
const DEFAULT: Cost = { memory: 19_456, passes: 2 }

/** The published floor (OWASP Password Storage; ASVS 5.0 appendix C): one of these pairs has to be reached in both (PW-11). */
const FLOOR: readonly Cost[] = [
  { memory: 19_456, passes: 2 },
  { memory: 47_104, passes: 1 },
]

/** What one verification may take at most: a planted or damaged record must not be able to stop the process. */
const CEILING = { memory: 1_048_576, passes: 64, lanes: 16 }

/** The weakest stored hash that is still read, for records made elsewhere; such are replaced at the next sign-in. */
const LEAST = { salt: 8, tag: 16 }

/** @throws ConfigurationError below the floor, or beyond what can be verified. */
export function argon2idCost(options: {
  readonly memory?: number | undefined
  readonly passes?: number | undefined
}): Cost {
  const { memory = DEFAULT.memory, passes = DEFAULT.passes } = options
  const whole = Number.isInteger(memory) && Number.isInteger(passes)
  const meets = FLOOR.some((floor) => memory >= floor.memory && passes >= floor.passes)
  if (!whole || !meets) {
    throw new ConfigurationError(
      `password.memory ${memory} KiB with password.passes ${passes} is below the published floor for argon2id: ` +
        'write at least 19456 with 2 passes, or 47104 with 1',
    )
  }
  if (memory > CEILING.memory || passes > CEILING.passes) {
    throw new ConfigurationError(
      `password.memory ${memory} KiB with password.passes ${passes} is more than a sign-in can bear: ` +
        `write at most ${CEILING.memory} with ${CEILING.passes} passes`,
    )
  }
  return { memory, passes }
}

/** A new hash under a fresh salt. */
export function argon2idHash(password: string, cost: Cost, pepper: Uint8Array | null): Promise<string> {
  return hash(password, {
    memoryCost: cost.memory,
    timeCost: cost.passes,
    parallelism: LANES,
    outputLen: TAG_BYTES,
    salt: Buffer.from(randomText(SALT_BYTES), 'base64url'),
    ...(pepper && { secret: pepper }),
  })
}

/** A hash of nothing: to be verified at the price of a real one. No password makes it, nor did any. */
export function argon2idDecoy(cost: Cost): string {
  const [salt, tag] = [randomText(SALT_BYTES), randomText(TAG_BYTES)].map((text) =>
    text.replaceAll('-', '+').replaceAll('_', '/'),
  )
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${LANES}$${salt}$${tag}`
}

export const argon2id: Algorithm = {
  prefix: '$argon2id$',
  isReadable(phc) {
    const parts = parse(phc)
    if (!parts) return false
    const { memory, passes, lanes, salt, tag } = parts
    const bearable = memory <= CEILING.memory && passes <= CEILING.passes && lanes <= CEILING.lanes
    return bearable && lanes >= 1 && passes >= 1 && memory >= 8 * lanes && salt >= LEAST.salt && tag >= LEAST.tag
  },
  verify(phc, password, pepper) {
    return verify(phc, password, pepper ? { secret: pepper } : null)
  },
  isCurrent(phc, cost) {
    const parts = parse(phc)
    if (!parts) return false
    const { memory, passes, lanes, salt, tag } = parts
    return (
      memory === cost.memory && passes === cost.passes && lanes === LANES && salt >= SALT_BYTES && tag === TAG_BYTES
    )
  },
}

const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{1,86})$/

function parse(phc: string) {
  const match = PHC.exec(phc)
  if (!match) return null
  const [, memory, passes, lanes, salt, tag] = match
  const [saltBytes, tagBytes] = [bytesIn(salt as string), bytesIn(tag as string)]
  if (saltBytes === null || tagBytes === null) return null
  return { memory: Number(memory), passes: Number(passes), lanes: Number(lanes), salt: saltBytes, tag: tagBytes }
}

/** How many bytes the base64 stands for; null when it is not the one way to write them. */
function bytesIn(base64: string): number | null {
  const bytes = Buffer.from(base64, 'base64')
  return bytes.toString('base64').replaceAll('=', '') === base64 ? bytes.length : null
}
