import { sha256 } from '../../../crypto.ts'
import { ConfigurationError } from '../../../errors.ts'
import type { Language, Migration } from './list.ts'

/** A migration as the database knows it. */
export type Applied = { readonly number: number; readonly checksum: string }

export const APPLIED = 'SELECT number, checksum FROM migrations ORDER BY number'
export const APPLY = 'INSERT INTO migrations (number, name, checksum) VALUES (?, ?, ?)'

/** The values of `APPLY`. */
export function valuesOf({ number, name, ...texts }: Migration, language: Language): [number, string, string] {
  return [number, name, sha256(texts[language])]
}

/**
 * What has not been applied yet.
 * @param database what people call it
 * @throws ConfigurationError when what was applied is not what this program knows.
 */
export function missing(
  applied: readonly Applied[],
  language: Language,
  database: string,
  migrations: readonly Migration[],
): readonly Migration[] {
  for (const { number, checksum } of applied) {
    const known = migrations.find((migration) => migration.number === number)
    if (!known) {
      throw new ConfigurationError(
        `${database} was written by a newer version of this program (schema ${number}): run that version, or name another database`,
      )
    }
    if (sha256(known[language]) !== checksum) {
      throw new ConfigurationError(
        `migration ${number} (${known.name}) is not the one that was applied to ${database}: restore its text and write a new migration instead`,
      )
    }
  }
  return migrations.filter(({ number }) => number > (applied.at(-1)?.number ?? 0))
}
