import { stripTypeScriptTypes } from 'node:module'
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
    const planted = plant(text, mutant)
    expect(planted).not.toBe(text)
    if (mutant.file.endsWith('.ts')) expect(() => stripTypeScriptTypes(planted)).not.toThrow()
  })
})
