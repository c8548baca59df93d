import assert from 'node:assert/strict'
import { sampleUser } from '../samples.ts'
import { announced, type Cases, findsNothing, together, watch } from './harness.ts'

/** The cases of `Users.setEmail`. */
export function userEmailCases({ group, test, race }: Cases): void {
  const anna = sampleUser('anna', { version: 7, generation: 3 })
  const expected = { key: 'anna', generation: 3 }

  group('users.setEmail, endAll', () => {
    test('gives a verified address, by which the user is found, and raises nothing', async ({ users }) => {
      await users.create(anna, 'anna')
      const watched = await watch(users.source)
      const { value, position } = await users.setEmail(anna.id, expected, 'New@Example.org', 'new', null)
      const now = { ...anna, email: 'New@Example.org', emailVerified: true }
      assert.deepEqual(value, now)
      assert.deepEqual((await users.findByEmail('new')).user, now)
      assert.deepEqual((await users.find(anna.id)).user, now)
      assert.deepEqual((await users.list({ query: 'new@example' }, null, 10)).items, [now])
      assert.equal((await users.findByEmail('anna')).user, null)
      announced(await watched.entries(), position, (change) => change.kind === 'user' && change.ended === null)
      assert.equal(await users.create(sampleUser('next'), 'anna'), true, 'the address of before is free')
    })

    test('with a reason raises the generation too, and the feed has it', async ({ users }) => {
      await users.create(anna, 'anna')
      const watched = await watch(users.source)
      const { value, position } = await users.setEmail(anna.id, expected, 'a@example.org', 'new', 'session_revoked')
      assert.deepEqual(value, { ...anna, email: 'a@example.org', emailVerified: true, generation: 4 })
      const ended = 'session_revoked'
      announced(await watched.entries(), position, (change) => change.kind === 'user' && change.ended === ended)
    })

    test('takes the key of before: the same address, written otherwise or verified', async ({ users }) => {
      await users.create(anna, 'anna')
      const { value } = await users.setEmail(anna.id, expected, 'ANNA@example.org', 'anna', null)
      assert.deepEqual(value, { ...anna, email: 'ANNA@example.org', emailVerified: true })
      assert.deepEqual((await users.findByEmail('anna')).user, value)
    })

    test('changes nothing for another address or generation than is expected, or one in use', async ({ users }) => {
      await users.create(anna, 'anna')
      await users.create(sampleUser('bert'), 'bert')
      const set = (key: string, generation: number, to: string) =>
        findsNothing(users.source, () =>
          users.setEmail(anna.id, { key, generation }, 'x@example.org', to, 'signed_out'),
        )
      await set('other', 3, 'new')
      await set('anna', 2, 'new')
      await set('anna', 4, 'new')
      await set('anna', 3, 'bert')
      await findsNothing(users.source, () => users.setEmail(sampleUser('nobody').id, expected, 'x', 'new', null))
      assert.deepEqual((await users.findByEmail('anna')).user, anna)
      assert.deepEqual((await users.findByEmail('bert')).user, sampleUser('bert'))
      assert.equal((await users.findByEmail('new')).user, null)
    })

    test('endAll with an expected generation raises no other', async ({ users }) => {
      await users.create(anna, 'anna')
      await findsNothing(users.source, () => users.endAll(anna.id, 'session_revoked', 2))
      await findsNothing(users.source, () => users.endAll(anna.id, 'session_revoked', 4))
      assert.deepEqual((await users.endAll(anna.id, 'session_revoked', 3)).value, { ...anna, generation: 4 })
    })

    race('RC-01: of 20 who end all of one generation one does', async (one, two) => {
      await one.users.create(anna, 'anna')
      const ended = await together(20, (i) => (i % 2 ? two : one).users.endAll(anna.id, 'session_revoked', 3))
      assert.equal(ended.filter(({ value }) => value !== null).length, 1)
      assert.equal((await two.users.find(anna.id)).user?.generation, 4)
    })

    race('RC-07: of 20 who want one address, and 20 who sign up with it, one has it', async (one, two) => {
      const old = Array.from({ length: 20 }, (_, i) => sampleUser(`old-${i}`))
      for (const user of old) await one.users.create(user, user.email)
      const won = await together(40, async (i) => {
        const { users } = i % 2 ? two : one
        const user = old[Math.floor(i / 2)] ?? anna
        if (i % 4 < 2) return users.create(sampleUser(`new-${i}`), 'wanted')
        const from = { key: user.email, generation: user.generation }
        return (await users.setEmail(user.id, from, 'wanted@example.org', 'wanted', null)).value !== null
      })
      assert.equal(won.filter(Boolean).length, 1)
      assert.notEqual((await two.users.findByEmail('wanted')).user, null)
    })

    race('RC-07: of 20 changes judged by the same state one is carried out', async (one, two) => {
      await one.users.create(anna, 'anna')
      const watched = await watch(one.users.source)
      const changed = await together(20, (i) =>
        (i % 2 ? two : one).users.setEmail(anna.id, expected, `${i}@example.org`, `key-${i}`, 'session_revoked'),
      )
      const [winner, ...others] = changed.flatMap(({ value }) => value ?? [])
      assert.deepEqual(others, [])
      assert.deepEqual((await two.users.find(anna.id)).user, winner)
      const led = await together(20, async (i) => (await one.users.findByEmail(`key-${i}`)).user !== null)
      assert.equal(led.filter(Boolean).length, 1)
      assert.equal((await watched.changes()).length, 1)
    })
  })
}
