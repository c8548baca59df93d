import { ALGORITHMS, type Algorithm, checkedKeySet, importKey, isAlgorithm, type SigningKey } from '../crypto.ts'
import { milliseconds } from '../duration.ts'
import { ConfigurationError } from '../errors.ts'
import type { KeyOptions } from '../options/carrying.ts'
import { checkedLeeway } from '../wire/claims.ts'

export type KeySetting = {
  readonly alg: Algorithm
  /** Milliseconds: how long a key signs, and how long it is published before that. */
  readonly every: number
  readonly publish: number
  /** Milliseconds by which every check of a token's time is widened. */
  readonly leeway: number
  /** Keys the operator brought, by kid: the first signs, all verify. */
  readonly imported: ReadonlyMap<string, SigningKey>
}

/** @throws ConfigurationError naming the option and what to write instead. */
export function keySetting(options: KeyOptions): KeySetting {
  const alg = options.alg ?? 'EdDSA'
  if (!isAlgorithm(alg)) throw new ConfigurationError(`keys.alg is '${alg}': write one of ${ALGORITHMS.join(', ')}`)
  const every = milliseconds(options.rotateEvery ?? '30d', 'keys.rotateEvery')
  const publish = milliseconds(options.publishFor ?? '1h', 'keys.publishFor')
  if (publish >= every) {
    throw new ConfigurationError(
      `keys.publishFor (${publish} ms) is not shorter than keys.rotateEvery (${every} ms): a key would be due before it signs; write a shorter publishFor`,
    )
  }
  const leeway = options.leeway === undefined ? 0 : checkedLeeway(milliseconds(options.leeway, 'keys.leeway'))
  const keys = (options.import ?? []).map((key, i) => importKey(key, `keys.import[${i}]`))
  if (keys.length > 0 && options.alg !== undefined && keys[0]?.alg !== alg) {
    throw new ConfigurationError(`keys.alg is '${alg}' and keys.import[0] signs by ${keys[0]?.alg}: leave keys.alg out`)
  }
  return {
    alg,
    every,
    publish,
    leeway,
    imported: new Map(checkedKeySet(keys, 'keys.import').map((key) => [key.kid, key])),
  }
}
