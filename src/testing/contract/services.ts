import assert from 'node:assert/strict'
import { sampleService, T0 } from '../samples.ts'
import { type Cases, together } from './harness.ts'

/** The cases of `Services`. */
export function serviceCases({ group, test, race }: Cases): void {
  group('services', () => {
    test('one is found by its id, exactly as added', async ({ services }) => {
      const one = sampleService('one', { name: "Sévice ' 🦊 %" })
      const two = sampleService('two', { name: one.name, digest: one.digest })
      for (const each of [one, two]) assert.equal(await services.add(each), true)
      assert.deepEqual(await services.find(one.id), one)
      assert.deepEqual(await services.find(two.id), two)
      assert.equal(await services.find('unknown'), null)
      assert.equal(await services.find(one.name), null)
    })

    test('add changes nothing where the id exists', async ({ services }) => {
      const one = sampleService('one')
      await services.add(one)
      assert.equal(await services.add({ ...one, name: 'other', digest: 'other', createdAt: T0 + 1 }), false)
      assert.deepEqual(await services.list(), [one])
    })

    race('of 50 adding one id at once, one does', async (one, two) => {
      const added = await together(50, (i) =>
        (i % 2 ? two : one).services.add(sampleService('one', { name: `name-${i}` })),
      )
      assert.equal(added.filter(Boolean).length, 1)
      assert.deepEqual(await two.services.list(), [sampleService('one', { name: `name-${added.indexOf(true)}` })])
    })

    test('list has all, oldest first by time and then by id', async ({ services }) => {
      assert.deepEqual(await services.list(), [])
      const given = [
        sampleService('late', { createdAt: T0 + 9 }),
        sampleService('b'),
        sampleService('early', { createdAt: T0 - 9 }),
        sampleService('a'),
      ]
      for (const service of given) await services.add(service)
      const names = (await services.list()).map(({ name }) => name)
      assert.deepEqual(names, ['early', 'a', 'b', 'late'])
    })

    test('remove takes one; its id is free again', async ({ services }) => {
      const [one, two] = [sampleService('one'), sampleService('two')]
      for (const service of [one, two]) await services.add(service)
      assert.equal(await services.remove(one.id), true)
      assert.equal(await services.remove(one.id), false)
      assert.equal(await services.find(one.id), null)
      assert.deepEqual(await services.list(), [two])
      assert.equal(await services.add({ ...one, digest: 'other' }), true)
      assert.equal((await services.find(one.id))?.digest, 'other')
    })

    race('of 20 removing one at once, one does', async (one, two) => {
      await one.services.add(sampleService('one'))
      const removed = await together(20, (i) => (i % 2 ? two : one).services.remove(sampleService('one').id))
      assert.equal(removed.filter(Boolean).length, 1)
      assert.deepEqual(await two.services.list(), [])
    })
  })
}
