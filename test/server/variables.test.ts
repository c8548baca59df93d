import { describe, expect, it } from 'vitest'
import { settings } from '../../src/server/config.ts'
import { VARIABLES } from '../../src/server/variables.ts'
import { folder } from '../cli/folder.ts'

/** The names of variables that are looked at, whatever they hold. */
async function asked(given: Readonly<Record<string, string>>): Promise<ReadonlySet<string>> {
  const names = new Set<string>()
  const env = new Proxy(given, {
    get(target, name) {
      names.add(String(name))
      return target[String(name)]
    },
  })
  await settings({}, env, folder())
  return names
}

describe('the table of variables', () => {
  it('has every one that is looked at, and no other', async () => {
    expect([...(await asked({}))].sort()).toEqual(Object.keys(VARIABLES).sort())
  })

  it('has no name that would be warned of', async () => {
    const own = Object.keys(VARIABLES).filter((name) => name.startsWith('SALLYPORT_'))
    const { warnings } = await settings({}, Object.fromEntries(own.map((name) => [name, ''])), folder())
    expect(warnings).toEqual([])
  })
})
