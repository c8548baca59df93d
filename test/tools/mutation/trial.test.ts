import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faults, type Mutant } from '../../../tools/mutants/mutant.ts'
import { type Copy, copyOf } from '../../../tools/mutation/copy.ts'
import { trial } from '../../../tools/mutation/trial.ts'
import { ROOT } from '../../../tools/read-tree.ts'

const TEST = 'test/door.test.ts'

const DOOR_TEST = `import { describe, expect, it } from 'vitest'
import { closes, opens, rings } from '../src/door.ts'
describe('the door', () => {
  describe('of 10', () => {
    it('lets 10 in (all)', () => expect(opens(10)).toBe(true))
    it('is for all but 11', () => expect(opens(11)).toBe(false))
  })
  it('rings', async () => expect(await rings()).toBe('ding'))
  it.each([1, 2, 3, 4, 5])('closes (%d)', () => closes())
  it('stands alone', () => expect(globalThis).not.toHaveProperty('left'))
  it('is broken', () => expect(1).toBe(2))
})
`
/** A door that knows its limit through another module, and loads its bell only when it rings. */
const TREE = {
  'package.json': '{ "type": "module" }',
  'vitest.config.ts': 'export default { test: { testTimeout: 50_000, exclude: ["**/left-out*"] } }',
  'src/limit.ts': 'export const LIMIT: number = 10\n',
  'src/within.ts': "import { LIMIT } from './limit.ts'\nexport const within = (n: number): boolean => n <= LIMIT\n",
  'src/bell.ts': "export const sound: string = 'ding'\n",
  'src/door.ts': `import { within } from './within.ts'
export const opens = (n: number): boolean => within(n)
export const rings = async (): Promise<string> => (await import('./bell.ts')).sound
export const closes = async (): Promise<void> => {}
`,
  [TEST]: DOOR_TEST,
  'test/left-out.test.ts': DOOR_TEST,
}

let root: string
let copy: Copy

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'sallyport-trial-'))
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'))
  for (const [file, text] of Object.entries(TREE)) {
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  copy = copyOf(root)
})
afterAll(async () => {
  await copy.remove()
  rmSync(root, { recursive: true })
})

const fault = (file: string, find: string, replace: string, name: string): Mutant =>
  faults(file, TEST, [['X', find, replace, name]])[0] as Mutant

async function verdicts(mutants: readonly Mutant[], within?: Parameters<typeof trial>[3], test = TEST) {
  const verdicts: string[] = []
  for await (const found of trial(copy, test, mutants, within)) {
    verdicts.push(found.planted ? found.verdict : `${found.verdict} before: ${found.message}`)
  }
  for (const [file, text] of Object.entries(TREE)) expect(copy.read(file)).toBe(text)
  return verdicts
}

const ALL_IN = fault('src/limit.ts', '10', '11', 'of 10 > is for all but 11')
const NONE_IN = fault('src/limit.ts', '10', '9', 'lets 10 in (all)')
const WITHIN = { greenMs: 60_000, plantedMs: 60_000, waitingMs: 300 }

describe('a trial', { timeout: 60_000 }, () => {
  it('finds each fault alone: nothing of the one before is left, and nothing of it is missing', async () => {
    const unnoticed = fault('src/limit.ts', '10', '10.5', 'lets 10 in (all)')
    const leaves = fault('src/limit.ts', '10', '10\nObject.assign(globalThis, { left: true })', 'stands alone')
    const stays = fault('src/limit.ts', ': number', '', 'stands alone')
    const silent = fault('src/bell.ts', "'ding'", "''", 'rings')
    const twice = [ALL_IN, NONE_IN, unnoticed, ALL_IN, leaves, stays, silent, NONE_IN]
    const once = ['red', 'red', 'survived', 'red', 'red', 'survived', 'red', 'red']
    expect(await verdicts([...twice, ...twice])).toEqual([...once, ...once])
  })

  it('tells what proves nothing', async () => {
    expect(
      await verdicts([
        fault('src/limit.ts', 'no such text', '', 'lets 10 in'),
        fault('src/absent.ts', '10', '11', 'lets 10 in'),
        fault('src/limit.ts', '10', '11', 'no such test'),
        fault('src/limit.ts', '10', '11', 'is broken'),
        fault('src/limit.ts', '= 10', '=', 'lets 10 in'),
        NONE_IN,
      ]),
    ).toEqual([
      'src/limit.ts holds "no such text" 0 times, not once',
      expect.stringContaining('no such file'),
      'no such test before: null',
      expect.stringContaining('red before: expected 1 to be 2'),
      'the tests did not load',
      'red',
    ])
  })

  it('takes no file for a test that the configuration does not', async () => {
    expect(await verdicts([NONE_IN], WITHIN, 'test/left-out.test.ts')).toEqual(['the tests did not load before: null'])
  })

  it('does not wait as long as a test that waits in vain', async () => {
    const began = performance.now()
    const vain = fault('src/door.ts', '{}', '{ await new Promise(() => {}) }', 'closes')
    expect(await verdicts([vain, fault('src/door.ts', '{}', '{ return }', 'closes')], WITHIN)).toEqual([
      'red',
      'survived',
    ])
    expect(performance.now() - began).toBeLessThan(30_000)
  })

  it('goes no further than the first red', async () => {
    const dot = "process.getBuiltinModule('node:fs').appendFileSync('calls', '.')"
    expect(await verdicts([fault('src/door.ts', '{}', `{ ${dot}; throw new Error() }`, 'closes')], WITHIN)).toEqual([
      'red',
    ])
    expect(copy.read('calls')).toBe('.')
    expect(await verdicts([fault('src/door.ts', '{}', `{ ${dot} }`, 'closes')], WITHIN)).toEqual(['survived'])
    expect(copy.read('calls')).toBe('......')
  })

  it('survives the end of the processes it is made of', async () => {
    const kills = (pid: string) =>
      fault('src/door.ts', 'within(n)\n', `!process.kill(process.${pid}, 'SIGKILL')\n`, 'lets 10 in')
    expect(await verdicts([kills('pid'), kills('ppid'), NONE_IN], WITHIN)).toEqual([
      'the tests did not end',
      'the tests did not load',
      'red',
    ])
  })

  it('ends an endless loop with its process, and goes on', async () => {
    const beat = "process.getBuiltinModule('node:fs').appendFileSync('beat', '.')"
    const loop = fault('src/door.ts', 'within(n)\n', `{ for (;;) ${beat} }\n`, 'lets 10 in')
    expect(await verdicts([loop], { ...WITHIN, plantedMs: 3000 })).toEqual(['timed out'])
    const beaten = copy.read('beat')
    expect(await verdicts([NONE_IN, ALL_IN], WITHIN)).toEqual(['red', 'red'])
    expect(copy.read('beat') === beaten).toBe(true)
  })
})
