import type { Mutant } from '../mutants/mutant.ts'

/** @throws when the text to replace does not stand in the file exactly once */
export function plant(text: string, mutant: Pick<Mutant, 'file' | 'find' | 'replace'>): string {
  const parts = text.split(mutant.find)
  if (parts.length !== 2) {
    throw new Error(`${mutant.file} holds ${JSON.stringify(mutant.find)} ${parts.length - 1} times, not once`)
  }
  return parts.join(mutant.replace)
}
