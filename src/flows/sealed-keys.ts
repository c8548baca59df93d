import { exportKey, readKey, type SigningKey, seal, sealedByNewest, sealing, unseal } from '../crypto.ts'
import { type KeyRecord, purposeOf } from '../keyring.ts'

type Sealed = Pick<KeyRecord, 'kid' | 'sealed'>

/**
 * How keys are kept: sealed with a master secret, each bound to its kid, so that a record opens as itself only (KM-08).
 * @param secrets newest first: the first seals, all open
 */
export function sealedKeys(secrets: readonly string[], onFault: (fault: unknown) => void) {
  const sealer = sealing(secrets)

  function textOf({ kid, sealed }: Sealed): string | null {
    return sealed === null ? null : unseal(sealer, sealed, purposeOf(kid))
  }

  return {
    seal: (key: SigningKey): string => seal(sealer, exportKey(key), purposeOf(key.kid)),

    /** Null when no secret opens it. One that cannot be read, as of a newer program, is a fault and spoils no other. */
    open(record: Sealed): SigningKey | null {
      const text = textOf(record)
      try {
        return text === null ? null : readKey(text)
      } catch (fault) {
        onFault(fault)
        return null
      }
    },

    /** The same sealed with the newest secret; null when it is already, or when no secret opens it. */
    anew(record: Sealed): string | null {
      if (record.sealed === null || sealedByNewest(sealer, record.sealed)) return null
      const text = textOf(record)
      return text === null ? null : seal(sealer, text, purposeOf(record.kid))
    },
  }
}

export type SealedKeys = ReturnType<typeof sealedKeys>
