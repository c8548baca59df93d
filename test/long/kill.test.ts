import { afterEach, expect, it } from 'vitest'
import { killMidway } from '../faults/support/kill.ts'
import { cleanUp } from '../faults/support/server.ts'
import { SEED } from './seed.ts'

afterEach(cleanUp)

it.each(Array.from({ length: 20 }, (_, i) => SEED + i))(
  'P7, TE-10: kill -9 amid 200 sign-outs under load undoes and loses nothing that was answered (seed %i)',
  async (seed) => {
    const { seen, wrong } = await killMidway(seed)
    const count = (list: readonly { readonly answer: unknown }[]) =>
      `${list.filter(({ answer }) => answer).length}/${list.length}`
    const { signOuts, signUps, signIns } = seen
    console.log(`answered: sign-outs ${count(signOuts)}, sign-ups ${count(signUps)}, sign-ins ${count(signIns)}`)
    expect(wrong).toEqual([])
  },
)
