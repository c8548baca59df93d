import assert from 'node:assert/strict'
import type { Change } from '../../feed.ts'
import type { Changed, Store } from '../../store.ts'
import { emailKey, type User, type UserId } from '../../user.ts'
import { idOf, sampleCredential, sampleSession, sampleTicket, sampleUser, T0, TRICKY_FIELDS } from '../samples.ts'
import { announced, type Cases, findsNothing, together, watch } from './harness.ts'

const NOBODY: UserId = idOf('nobody')

/** The cases of `Users`, but for its list. */
export function userCases({ group, test, race }: Cases): void {
  group('users.create, find, findByEmail', () => {
    test('a user is found by id and by address key, exactly as created', async ({ users }) => {
      const anna = sampleUser('anna', { email: 'Anna@Example.org', roles: ['a', 'b'], fields: TRICKY_FIELDS })
      assert.equal(await users.create(anna, emailKey(anna.email)), true)
      assert.deepEqual((await users.find(anna.id)).user, anna)
      assert.deepEqual((await users.findByEmail('anna@example.org')).user, anna)
    })

    test('an unknown id or address gives null, with the generation of the installation', async ({ users }) => {
      const { value } = await users.endEveryone()
      assert.deepEqual(await users.find(NOBODY), { user: null, everyone: value })
      assert.deepEqual(await users.findByEmail('nobody@example.org'), { user: null, everyone: value })
    })

    test('an address in use creates nothing', async ({ users }) => {
      const [first, second] = [sampleUser('first'), sampleUser('second')]
      assert.equal(await users.create(first, 'same'), true)
      assert.equal(await users.create(second, 'same'), false)
      assert.deepEqual((await users.findByEmail('same')).user, first)
      assert.equal((await users.find(second.id)).user, null)
    })

    test('an id in use creates nothing, and its new address stays free', async ({ users }) => {
      const first = sampleUser('same')
      assert.equal(await users.create(first, 'one'), true)
      assert.equal(await users.create({ ...first, name: 'other' }, 'two'), false)
      assert.deepEqual((await users.find(first.id)).user, first)
      assert.equal((await users.findByEmail('two')).user, null)
      assert.equal(await users.create(sampleUser('next'), 'two'), true)
    })

    race('of 50 creating one address at once, one does', async (one, two) => {
      const all = Array.from({ length: 50 }, (_, i) => sampleUser(`user-${i}`))
      const created = await Promise.all(all.map((user, i) => (i % 2 ? two : one).users.create(user, 'same')))
      assert.equal(created.filter(Boolean).length, 1)
      const kept = await Promise.all(all.map(async ({ id }) => (await two.users.find(id)).user !== null))
      assert.deepEqual(kept, created)
    })

    race('of 50 creating one id at once, one does, and one address leads to it', async (one, two) => {
      const user = sampleUser('same')
      const created = await together(50, (i) => (i % 2 ? two : one).users.create(user, `key-${i}`))
      assert.equal(created.filter(Boolean).length, 1)
      const led = await together(50, async (i) => (await one.users.findByEmail(`key-${i}`)).user !== null)
      assert.deepEqual(led, created)
    })

    test('what a caller does to objects it passed in or was handed does not reach the store', async ({ users }) => {
      const roles = ['user']
      const fields = { deep: { n: 1 } }
      await users.create(sampleUser('anna', { roles, fields }), 'anna')
      roles.push('admin')
      fields.deep.n = 2
      const { user } = await users.find(idOf('anna'))
      assert.deepEqual(user?.roles, ['user'])
      assert.deepEqual(user?.fields, { deep: { n: 1 } })
      Reflect.set(user.roles, 0, 'admin')
      Reflect.set(user, 'status', 'locked')
      Reflect.set(user.fields.deep as object, 'n', 3)
      assert.deepEqual((await users.find(idOf('anna'))).user, sampleUser('anna', { fields: { deep: { n: 1 } } }))
    })
  })

  group('users: changes', () => {
    changes(
      test,
      'edit changes what it names and raises neither version nor generation',
      null,
      async ({ users }, anna) => {
        const change = { name: 'New', emailVerified: true, passwordChangeRequired: true, fields: TRICKY_FIELDS }
        return [await users.edit(anna.id, change), { ...anna, ...change }]
      },
    )
    changes(test, 'edit leaves alone what it does not name', null, async ({ users }, anna) => [
      await users.edit(anna.id, { emailVerified: true }),
      { ...anna, emailVerified: true },
    ])
    changes(test, 'edit replaces the fields as a whole', null, async ({ users }, anna) => [
      await users.edit(anna.id, { fields: { other: 1 } }),
      { ...anna, fields: { other: 1 } },
    ])
    changes(test, 'setRoles raises the version only', null, async ({ users }, anna) => [
      await users.setRoles(anna.id, ['auditor', 'user']),
      { ...anna, roles: ['auditor', 'user'], version: anna.version + 1 },
    ])
    changes(test, 'setRoles can take every role away', null, async ({ users }, anna) => [
      await users.setRoles(anna.id, []),
      { ...anna, roles: [], version: anna.version + 1 },
    ])
    changes(test, 'locking raises version and generation, and so ends', 'user_locked', async ({ users }, anna) => [
      await users.setStatus(anna.id, 'locked'),
      { ...anna, status: 'locked', version: anna.version + 1, generation: anna.generation + 1 },
    ])
    changes(
      test,
      'endAll raises the generation only, with its reason in the feed',
      'signed_out',
      async ({ users }, anna) => [
        await users.endAll(anna.id, 'signed_out'),
        { ...anna, generation: anna.generation + 1 },
      ],
    )

    test('unlocking raises the version only and ends nothing', async ({ users }) => {
      const anna = sampleUser('anna', { status: 'locked' })
      await users.create(anna, 'anna')
      const watched = await watch(users.source)
      const { value, position } = await users.setStatus(anna.id, 'active')
      assert.deepEqual(value, { ...anna, status: 'active', version: anna.version + 1 })
      announced(await watched.entries(), position, isUser(anna.id, null))
    })

    race('no raise is lost when many change one user at once', async (one, two) => {
      const anna = sampleUser('anna')
      await one.users.create(anna, 'anna')
      const watched = await watch(one.users.source)
      await together(20, (i) =>
        Promise.all([
          one.users.setRoles(anna.id, [`role-${i}`]),
          two.users.endAll(anna.id, 'session_revoked'),
          one.users.edit(anna.id, { name: `name-${i}` }),
          two.users.setStatus(anna.id, i % 2 ? 'active' : 'locked'),
        ]),
      )
      const { user } = await two.users.find(anna.id)
      assert.equal(user?.version, anna.version + 40)
      assert.equal(user?.generation, anna.generation + 30)
      const changes = await watched.changes()
      assert.equal(changes.filter((change) => change.kind === 'user').length, 80)
      assert.equal(changes.filter((change) => change.kind === 'user' && change.ended === 'user_locked').length, 10)
      assert.equal(changes.filter((change) => change.kind === 'user' && change.ended === 'session_revoked').length, 20)
    })

    test('every change of an unknown user finds nothing', async ({ users }) => {
      const { source } = users
      await users.endEveryone()
      await findsNothing(source, () => users.edit(NOBODY, { name: 'x' }))
      await findsNothing(source, () => users.setRoles(NOBODY, ['admin']))
      await findsNothing(source, () => users.setStatus(NOBODY, 'locked'))
      await findsNothing(source, () => users.endAll(NOBODY, 'signed_out'))
      await findsNothing(source, () => users.remove(NOBODY))
      assert.equal((await users.find(NOBODY)).user, null)
    })
  })

  group('users.remove, endEveryone', () => {
    test('a removed user is gone, the address is free, the feed says that everything ended', async ({ users }) => {
      const anna = sampleUser('anna')
      await users.create(anna, 'anna')
      const watched = await watch(users.source)
      const { value, position } = await users.remove(anna.id)
      assert.deepEqual(value, anna)
      assert.equal((await users.find(anna.id)).user, null)
      assert.equal((await users.findByEmail('anna')).user, null)
      const ended = (change: Change) => change.kind === 'user' && change.user === anna.id && change.ended !== null
      announced(await watched.entries(), position, ended)
      await findsNothing(users.source, () => users.remove(anna.id))
      assert.equal(await users.create(sampleUser('next'), 'anna'), true)
    })

    test('what other ports hold can be cleared away afterwards, and nothing of others goes with it', async (store) => {
      const { users, credentials, sessions, tickets } = store
      const [anna, bert]: [UserId, UserId] = [idOf('anna'), idOf('bert')]
      for (const userId of [anna, bert]) {
        await users.create(sampleUser(userId, { id: userId }), userId)
        await credentials.add(sampleCredential({ userId }))
        await sessions.start(sampleSession(`session-${userId.slice(0, 4)}`, { userId }), null, T0)
        await tickets.put(sampleTicket(userId, { userId }))
      }
      await users.remove(anna)
      await credentials.remove(anna, null, '')
      await sessions.endOf(anna, 'session_revoked', T0, null)
      await tickets.removeOf(anna, null)
      const held = async (userId: UserId) => ({
        credentials: (await credentials.list(userId)).length,
        live: (await sessions.ofUser(userId, 'active', 10)).length,
        ticket: (await tickets.take(sampleTicket(userId).digest, 'reset')) !== null,
      })
      assert.deepEqual(await held(anna), { credentials: 0, live: 0, ticket: false })
      assert.deepEqual(await held(bert), { credentials: 1, live: 1, ticket: true })
    })

    race('20 callers of endEveryone raise the generation 20 times, each to a number of its own', async (one, two) => {
      const anna = sampleUser('anna')
      await one.users.create(anna, 'anna')
      const { everyone } = await one.users.find(anna.id)
      const watched = await watch(one.users.source)
      const ended = await together(20, (i) => (i % 2 ? two : one).users.endEveryone())
      const values = ended.map(({ value }) => value).sort((a, b) => Number(a) - Number(b))
      assert.deepEqual(
        values,
        Array.from({ length: 20 }, (_, i) => everyone + 1 + i),
      )
      assert.deepEqual(await two.users.find(anna.id), { user: anna, everyone: everyone + 20 })
      const entries = await watched.entries()
      for (const { value, position } of ended) {
        announced(entries, position, (change) => change.kind === 'everyone' && change.everyone === value)
      }
    })
  })
}

function isUser(id: UserId, ended: string | null): (change: Change) => boolean {
  return (change) => change.kind === 'user' && change.user === id && change.ended === ended
}

/** A case of one change of one user: what it answers, what is found afterwards, and what the feed says. */
function changes(
  test: Cases['test'],
  name: string,
  ended: string | null,
  change: (store: Store, anna: User) => Promise<readonly [Changed<User>, User]>,
): void {
  test(name, async (store) => {
    const anna = sampleUser('anna', { version: 7, generation: 3, fields: { old: true } })
    const bert = sampleUser('bert')
    await store.users.create(anna, 'anna')
    await store.users.create(bert, 'bert')
    const watched = await watch(store.users.source)
    const [{ value, position }, expected] = await change(store, anna)
    assert.deepEqual(value, expected)
    assert.deepEqual((await store.users.find(anna.id)).user, expected)
    assert.deepEqual((await store.users.findByEmail('anna')).user, expected)
    assert.deepEqual((await store.users.find(bert.id)).user, bert)
    const entries = await watched.entries()
    assert.equal(entries.length, 1)
    announced(entries, position, isUser(anna.id, ended))
  })
}
