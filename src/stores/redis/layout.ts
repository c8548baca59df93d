import { randomText } from '../../crypto.ts'
import { ConfigurationError } from '../../errors.ts'
import { BEGIN } from './feed-scripts.ts'
import type { Partition } from './partition.ts'

/** The way keys are laid out. Another number: another way, which this program does not know. */
export const LAYOUT = 1

/** What a partition says of the whole it is part of. */
export type Marks = { readonly partitions: number; readonly where: string }

/**
 * Makes the beginning of a partition's feed where there is none, also after everything in it was lost.
 * @throws ConfigurationError when what is there was made for another number of partitions, or by a newer version.
 */
export async function begin(at: Partition, { partitions, where }: Marks): Promise<void> {
  const given = [randomText(16), randomText(16), partitions, LAYOUT]
  const [, made, layout] = (await at.run(BEGIN, given)) as readonly string[]
  if (Number(layout) !== LAYOUT) {
    throw new ConfigurationError(`the Redis data at ${where} is of another version of this program (layout ${layout})`)
  }
  if (Number(made) !== partitions) {
    throw new ConfigurationError(
      `the Redis data at ${where} is in ${made} partitions: write partitions: ${made}, or another prefix to begin anew`,
    )
  }
}
