/** What a password hash costs to compute, as far as we choose it. */
export type Cost = {
  /** KiB. */
  readonly memory: number
  readonly passes: number
}

/** One way of hashing passwords: a row of the table in `hash.ts`. Rows read; only argon2id is ever written. */
export interface Algorithm {
  /** For people. */
  readonly name: string
  /** How hashes of this kind begin. */
  readonly prefix: string
  /** What `isReadable` bears, for people: continues a sentence. */
  readonly limits: string
  /** Whether this is a hash in good form, within bounds that a verification can bear. */
  isReadable(hash: string): boolean
  /** The package it is computed by, where an installation may lack it. Null where it cannot. */
  readonly needs: string | null
  /** Whether hashes can be verified here: false when that package is not installed. */
  isThere(): Promise<boolean>
  /**
   * Whether the password made this hash, compared in constant time. Called with readable hashes only.
   * @throws when the computation itself fails; that says nothing about the password.
   */
  verify(hash: string, password: string, pepper: Uint8Array | null): Promise<boolean>
  /** Whether the hash is what we would write today at this cost. */
  isCurrent(hash: string, cost: Cost): boolean
}

/** Of what comes with this package. */
export const OURS: Pick<Algorithm, 'needs' | 'isThere'> = { needs: null, isThere: async () => true }
