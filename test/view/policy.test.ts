import { expect, it } from 'vitest'
import type { Change } from '../../src/feed.ts'
import type { Kept } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { policyView } from '../../src/view/policy.ts'

const kept = (version: number): Kept => ({ version, value: {} })
const changed = (version: number): Change => ({ kind: 'policy', ...kept(version) })

/** The version of the policy stands for the policy. Each read is answered by the test. */
function setting() {
  const answers: ((stored: Kept | null) => void)[] = []
  const { source } = memory().settings
  const settings = { source, findPolicy: () => new Promise<Kept | null>((resolve) => answers.push(resolve)) }
  const read = (stored: Kept | null) => stored?.version ?? 0
  const view = policyView({ settings, configured: 0, read, onChange() {}, onFault() {} })
  return { view, answer: (stored: Kept | null) => answers.shift()?.(stored), asked: () => answers.length }
}

async function loadedAt(version: number) {
  const made = setting()
  const starting = made.view.start()
  made.answer(kept(version))
  await starting
  return made
}

it('P1: goes back to what a database says that lost data, before it hears of the loss', async () => {
  const { view, answer } = await loadedAt(2)
  const loading = view.load()
  answer(null)
  await loading
  expect(view.current()).toBe(0)
})

it('P1 TO-10: a read that a change has overtaken changes nothing', async () => {
  const { view, answer, asked } = await loadedAt(2)
  const loading = view.load()
  view.apply(changed(3))
  answer(kept(2))
  await loading
  expect([view.current(), asked()]).toEqual([3, 0])
})

it('P1 TO-10: a read that knows more than the change that overtook it counts', async () => {
  const { view, answer } = await loadedAt(2)
  const loading = view.load()
  view.apply(changed(3))
  answer(kept(4))
  await loading
  expect(view.current()).toBe(4)
})

it('P1: what was asked for before a reset is asked for again', async () => {
  const { view, answer, asked } = await loadedAt(2)
  const loading = view.load()
  view.reset()
  expect(view.loaded()).toBe(false)
  answer(kept(2))
  await expect.poll(asked).toBe(1)
  expect(view.loaded()).toBe(false)
  answer(kept(1))
  await loading
  expect([view.current(), view.loaded()]).toEqual([1, true])
})

it('an entry of the feed from before what was read changes nothing', async () => {
  const { view } = await loadedAt(2)
  view.apply(changed(1))
  expect(view.current()).toBe(2)
})
