import { describe, expect, it } from 'vitest'
import { MUTANTS } from '../../tools/mutants-list.ts'
import { plant } from '../../tools/mutation/plant.ts'
import { readTree } from '../../tools/read-tree.ts'

describe('the list', () => {
  const tree = readTree([...new Set(MUTANTS.map(({ file }) => file))])

  it.each(
    MUTANTS.map(
      (mutant) => [`${mutant.breaks} in ${mutant.file}: ${mutant.find.replaceAll(/\s+/g, ' ')}`, mutant] as const,
    ),
  )('can be planted: %s', (_, mutant) => {
    const text = tree.get(mutant.file) ?? ''
    expect(plant(text, mutant)).not.toBe(text)
  })
})
