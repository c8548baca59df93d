import { randomText } from '../../crypto.ts'
import { ConfigurationError } from '../../errors.ts'
import { type Algorithm, type Cost, OURS } from './algorithm.ts'
import { hash, verify } from './argon2-threads.ts'
import { bytesOf, LEAST } from './phc.ts'

/*
 * argon2id (RFC 9106) in PHC strings: $argon2id$v=19$m=<KiB>,t=<passes>,p=<lanes>$<salt>$<tag>, both base64 without padding.
 * argon2i is read the same way, and never written.
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

/** What one verification of a record from elsewhere may take: KiB, and KiB times passes, up to two seconds. */
const CEILING_FOREIGN = { memory: 262_144, work: 1_048_576 }

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

/** Whether the record may come in from elsewhere: what we chose ourselves may cost more. */
export function isBearable(phc: string): boolean {
  const parts = parse(phc)
  if (!parts || !isReadable(phc)) return false
  return parts.memory <= CEILING_FOREIGN.memory && parts.memory * parts.passes <= CEILING_FOREIGN.work
}

function isReadable(phc: string): boolean {
  const parts = parse(phc)
  if (!parts) return false
  const { memory, passes, lanes, salt, tag } = parts
  const bearable = memory <= CEILING.memory && passes <= CEILING.passes && lanes <= CEILING.lanes
  return bearable && lanes >= 1 && passes >= 1 && memory >= 8 * lanes && salt >= LEAST.salt && tag >= LEAST.tag
}

const LIMITS = `version 19, at most ${CEILING_FOREIGN.memory} KiB, and memory × passes at most ${CEILING_FOREIGN.work} KiB`

export const argon2id: Algorithm = {
  name: 'argon2id',
  prefix: '$argon2id$',
  limits: LIMITS,
  isReadable,
  ...OURS,
  verify,
  isCurrent(phc, cost) {
    const parts = parse(phc)
    if (!parts) return false
    const { memory, passes, lanes, salt, tag } = parts
    return (
      memory === cost.memory && passes === cost.passes && lanes === LANES && salt >= SALT_BYTES && tag === TAG_BYTES
    )
  },
}

export const argon2i: Algorithm = {
  ...argon2id,
  name: 'argon2i',
  prefix: '$argon2i$',
  isCurrent: () => false,
}

const PHC = /^\$argon2id?\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,3})\$([A-Za-z0-9+/]{1,86})\$([A-Za-z0-9+/]{1,86})$/

function parse(phc: string) {
  const match = PHC.exec(phc)
  if (!match) return null
  const [, memory, passes, lanes, salt, tag] = match
  const [saltBytes, tagBytes] = [bytesOf(salt as string), bytesOf(tag as string)]
  if (saltBytes === null || tagBytes === null) return null
  return {
    memory: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: saltBytes.length,
    tag: tagBytes.length,
  }
}
