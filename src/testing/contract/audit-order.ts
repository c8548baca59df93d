import assert from 'node:assert/strict'
import type { AuthEvent } from '../../events.ts'
import type { AuditLog } from '../../store.ts'
import { sampleEvent, T0 } from '../samples.ts'
import { alongside, type Cases, together } from './harness.ts'

/** The cases of `AuditLog` that are about the order of appending, and about who reads in it. */
export function auditOrderCases({ group, test, race }: Cases): void {
  group('the order of the audit log', () => {
    test('is that of appending, whatever the times say; a reader that is new stands behind all there is', async ({
      audit,
    }) => {
      const begin = await audit.place('one')
      await audit.append([event('b', 5), event('a', 9)])
      await audit.append([event('c', 1)])
      const found = await audit.after(begin, 10)
      assert.deepEqual(
        found.map((one) => one.event),
        [event('b', 5), event('a', 9), event('c', 1)],
      )
      assert.deepEqual(
        positions(found),
        [...positions(found)].sort((a, b) => a - b),
      )
      assert.deepEqual(await audit.after(await audit.place('two'), 10), [])
      const [, second] = found
      assert.deepEqual(names(await audit.after(second?.position ?? 0, 10)), ['c'])
      assert.deepEqual(names(await audit.after(begin, 2)), ['b', 'a'])
    })

    test('a place is kept, moves on and never back, each reader by itself', async ({ audit }) => {
      const begin = await audit.place('one')
      await audit.place('other')
      await audit.append([event('a', 0), event('b', 0)])
      const [a, b] = positions(await audit.after(begin, 10)) as [number, number]
      assert.equal(await audit.place('one'), begin)
      await audit.advance('one', b)
      await audit.advance('one', a)
      await audit.advance('nobody', b)
      assert.equal(await audit.place('one'), b)
      assert.equal(await audit.place('other'), begin)
    })

    test('an event that is appended again stands where it stood', async ({ audit }) => {
      const begin = await audit.place('one')
      await audit.append([event('a', 0), event('b', 0)])
      await audit.append([event('b', 0), event('c', 0)])
      assert.deepEqual(names(await audit.after(begin, 10)), ['a', 'b', 'c'])
    })

    test('goes on where it was when everything was purged', async ({ audit }) => {
      const begin = await audit.place('one')
      await audit.append([event('a', -5), event('b', -4)])
      const last = positions(await audit.after(begin, 10)).at(-1) as number
      await audit.advance('one', last)
      assert.equal(await audit.purge(T0, 10), 2)
      assert.deepEqual(await audit.after(begin, 10), [])
      await audit.append([event('c', 0)])
      assert.deepEqual(names(await audit.after(await audit.place('one'), 10)), ['c'])
    })

    race('who follows while many append at once hears of each event, once', async (one, two) => {
      let at = await one.audit.place('reader')
      const heard: string[] = []
      const follow = async () => {
        const found = await two.audit.after(at, 7)
        heard.push(...names(found))
        at = found.at(-1)?.position ?? at
        return found.length
      }
      const look = async () => void (await follow())
      await alongside(look, () =>
        together(60, (i) =>
          (i % 2 ? two : one).audit.append([event(`x${i}`, 100 - i), event(`y${i}`, i), event(`z${i}`, 0)]),
        ),
      )
      while ((await follow()) > 0);
      assert.equal(heard.length, 180)
      assert.equal(new Set(heard).size, 180)
    })
  })
}

type Placed = Awaited<ReturnType<AuditLog['after']>>

function event(name: string, offset: number): AuthEvent {
  return sampleEvent(name, { at: T0 + offset })
}

const names = (found: Placed) => found.map(({ event: { id } }) => id.replace(/-+$/, ''))
const positions = (found: Placed) => found.map(({ position }) => position)
