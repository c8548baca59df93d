import assert from 'node:assert/strict'
import type { UserFilter, Users } from '../../store.ts'
import { sampleUser, T0 } from '../samples.ts'
import { BAD_CURSORS, type Cases, walk } from './harness.ts'

/** The cases of `Users.list`. */
export function userListCases({ group, test }: Cases): void {
  const fill = async (users: Users, count: number) => {
    for (let i = 0; i < count; i += 1) await add(users, `user-${letter(i)}`, { createdAt: T0 + Math.floor(i / 3) })
  }
  const names = async (users: Users, filter: UserFilter) =>
    (await users.list(filter, null, 100)).items.map(({ name }) => name).sort()

  group('users.findAll, holders', () => {
    test('findAll has those there are, each once', async ({ users }) => {
      const [a, b] = [await add(users, 'a'), await add(users, 'b')]
      await add(users, 'c')
      const found = await users.findAll([b.id, 'nobody' as never, a.id, b.id])
      assert.deepEqual(
        found.toSorted((one, two) => (one.name < two.name ? -1 : 1)),
        [a, b],
      )
      assert.deepEqual(await users.findAll([]), [])
    })

    test('holders has whoever has the role now, and no more than asked for', async ({ users }) => {
      const [a, b] = [await add(users, 'a', { roles: ['x', 'admin'] }), await add(users, 'b', { roles: ['admin'] })]
      await add(users, 'c', { roles: ['admins'] })
      assert.deepEqual((await users.holders('admin', 10)).toSorted(), [a.id, b.id].sort())
      assert.equal((await users.holders('admin', 1)).length, 1)
      await users.setRoles(a.id, ['x'])
      assert.deepEqual(await users.holders('admin', 10), [b.id])
      assert.deepEqual(await users.holders('nothing', 10), [])
    })
  })

  group('users.list', () => {
    test('is newest first, by time and then by id', async ({ users }) => {
      await add(users, 'b', { createdAt: T0 + 1 })
      await add(users, 'c', { createdAt: T0 })
      await add(users, 'a', { createdAt: T0 + 1 })
      await add(users, 'd', { createdAt: T0 + 2 })
      const { items, nextCursor } = await users.list({}, null, 10)
      assert.deepEqual(
        items.map(({ name }) => name),
        ['d', 'b', 'a', 'c'],
      )
      assert.deepEqual(items[0], (await users.findByEmail('d')).user)
      assert.equal(nextCursor, null)
    })

    test('pages hold everyone once, though users come and go between them', async ({ users }) => {
      await fill(users, 20)
      const before = (await users.list({}, null, 100)).items
      const seen = await walk(
        (cursor) => users.list({}, cursor, 3),
        3,
        async (pages) => {
          await add(users, `newer-${pages}`, { createdAt: T0 + 1000 + pages })
          await add(users, `older-${pages}`, { createdAt: T0 - 1000 - pages })
          if (pages === 2) await users.remove(before[5]?.id as never)
        },
      )
      const ids = seen.map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length, 'nobody comes twice')
      assert.deepEqual(
        seen.filter(({ name }) => name.startsWith('user-')),
        before,
      )
    })

    test('a malformed cursor gives the first page', async ({ users }) => {
      await fill(users, 5)
      const first = await users.list({}, null, 2)
      for (const cursor of BAD_CURSORS) assert.deepEqual(await users.list({}, cursor, 2), first, `cursor ${cursor}`)
    })

    test('query is beginnings of words of address or name, without case', async ({ users }) => {
      await add(users, 'anna', { name: 'Änna-Maria ÉCLAIR', email: 'One.Two@Example.org' })
      await add(users, 'bert', { name: "Bert O'Brien", email: 'bert_3+x@mail.example.com' })
      const both = ["Bert O'Brien", 'Änna-Maria ÉCLAIR']
      const of = { anna: both.slice(1), bert: both.slice(0, 1) }
      for (const query of [
        'EXAMPLE.ORG',
        'one.two@example.org',
        'änna éc',
        'éclair änna',
        'MAR',
        'tw ex',
        '@example.or',
        'Ä',
      ]) {
        assert.deepEqual(await names(users, { query }), of.anna, `query ${query}`)
      }
      for (const query of ["o'br", 'brien', 'bert_3', '3+x@mail', ' mail ', 'b m e c']) {
        assert.deepEqual(await names(users, { query }), of.bert, `query ${query}`)
      }
      assert.deepEqual(await names(users, { query: 'exam' }), both)
      await add(users, 'exact', { name: 'Exact Example Exam', email: 'examiner@exams.example' })
      assert.deepEqual(await names(users, { query: 'exa' }), [both[0], 'Exact Example Exam', both[1]].toSorted())
      await users.remove((await users.findByEmail('exact')).user?.id as never)
      for (const query of ['nobody', 'xample', 'nna', 'bert maria', 'examples', 'berta', '', ' ', '@', "'._-"]) {
        assert.deepEqual(await names(users, { query }), [], `query ${query}`)
      }
    })

    test('query has no wildcards: %, \\, *, quotes and brackets stand for themselves', async ({ users }) => {
      for (const name of ['50% off', 'a%', 'c\\d', 'st*r', '[a-z]', '€uro', '🦊fox', '\u{10ffff}x'])
        await add(users, name)
      for (const query of ['50%', 'a%', 'c\\', 'st*', '[a', '€', '🦊', '\u{10ffff}']) {
        assert.equal((await names(users, { query })).length, 1, `query ${query}`)
      }
      for (const query of ['%', '%o', '5%', '\\', '*', '[b', 's%r', 'c\\\\']) {
        assert.deepEqual(await names(users, { query }), [], `query ${query}`)
      }
    })

    test('query finds what somebody is called now, of any length', async ({ users }) => {
      const long = 'x'.repeat(100)
      const user = await add(users, 'anna', { name: `Anna ${long}y`, email: 'anna@example.org' })
      assert.equal((await names(users, { query: long })).length, 1)
      assert.equal((await names(users, { query: `${long}z` })).length, 0)
      await users.edit(user.id, { name: 'Bella Anna' })
      assert.deepEqual(await names(users, { query: 'bel' }), ['Bella Anna'])
      assert.deepEqual(await names(users, { query: 'ann' }), ['Bella Anna'])
      assert.deepEqual(await names(users, { query: 'xx' }), [])
      await users.remove(user.id)
      for (const query of ['bel', 'ann', 'example']) assert.deepEqual(await names(users, { query }), [])
    })

    test('role is a whole role, status a status, and all of a filter must hold', async ({ users }) => {
      await add(users, 'anna', { roles: ['user', 'admin'] })
      await add(users, 'bert', { roles: ['administrator'] })
      await add(users, 'cara', { roles: ['admin'], status: 'locked' })
      await add(users, 'dora', { roles: [] })
      assert.deepEqual(await names(users, { role: 'admin' }), ['anna', 'cara'])
      assert.deepEqual(await names(users, { role: 'adm%' }), [])
      assert.deepEqual(await names(users, { role: 'Admin' }), [])
      assert.deepEqual(await names(users, { status: 'locked' }), ['cara'])
      assert.deepEqual(await names(users, { role: 'admin', status: 'active' }), ['anna'])
      assert.deepEqual(await names(users, { role: 'admin', status: 'active', query: 'cara' }), [])
      assert.deepEqual(await names(users, {}), ['anna', 'bert', 'cara', 'dora'])
    })

    test('a filter sees the roles and the status of now', async ({ users }) => {
      const user = await add(users, 'anna')
      await users.setRoles(user.id, ['auditor'])
      await users.setStatus(user.id, 'locked')
      assert.deepEqual(await names(users, { role: 'user' }), [])
      assert.deepEqual(await names(users, { role: 'auditor', status: 'locked' }), ['anna'])
    })

    test('a filtered list is paged as completely as any', async ({ users }) => {
      await fill(users, 15)
      for (let i = 0; i < 15; i += 1) await add(users, `other-${letter(i)}`, { createdAt: T0 + i, roles: ['other'] })
      const seen = await walk((cursor) => users.list({ role: 'user' }, cursor, 4), 4)
      assert.deepEqual(
        seen.map(({ name }) => name).sort(),
        Array.from({ length: 15 }, (_, i) => `user-${letter(i)}`),
      )
    })
  })
}

async function add(users: Users, name: string, over: Parameters<typeof sampleUser>[1] = {}) {
  const user = sampleUser(name, over)
  assert.equal(await users.create(user, name), true)
  return user
}

/** Ids that every collation sorts alike. */
export function letter(i: number): string {
  return String.fromCharCode(97 + Math.floor(i / 26)) + String.fromCharCode(97 + (i % 26))
}
