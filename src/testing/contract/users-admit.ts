import assert from 'node:assert/strict'
import type { Newcomer, Store } from '../../store.ts'
import type { User } from '../../user.ts'
import { idOf, sampleCredential, sampleUser, T0, TRICKY_FIELDS } from '../samples.ts'
import { type Cases, together, watch } from './harness.ts'

/** The cases of `Users.admit`. Of a mix that keeps users and credentials in two databases nothing is asked: there it is not called. */
export function userAdmitCases({ group, ...cases }: Cases): void {
  const isOne = ({ users, credentials }: Store) => users.source === credentials.source
  const test: Cases['test'] = (name, run) => cases.test(name, async (store) => (isOne(store) ? run(store) : undefined))
  const race: Cases['race'] = (name, run) =>
    cases.race(name, async (one, two) => (isOne(one) ? run(one, two) : undefined))

  group('users.admit', () => {
    test('makes many users, each with their credentials and roles, exactly as given', async ({
      users,
      credentials,
    }) => {
      const anna = newcomer('anna', {
        ...{
          email: 'Anna@Example.org',
          name: 'Änna "x"',
          roles: ['a', 'b'],
          fields: TRICKY_FIELDS,
          emailVerified: true,
        },
        ...{ status: 'locked', passwordChangeRequired: true, version: 4, generation: 1_800_000_000, createdAt: T0 - 1 },
      } as const)
      const bare: Newcomer = { ...newcomer('bare', { roles: [] }), credentials: [] }
      const passkey = sampleCredential({
        userId: idOf('both'),
        kind: 'passkey',
        id: 'k',
        record: '{"x":"é 🦊"}',
        disabledAt: T0,
      })
      const own = newcomer('both')
      const both: Newcomer = { ...own, credentials: [...own.credentials, passkey] }
      assert.deepEqual(await users.admit([anna, bare, both]), [true, true, true])
      for (const one of [anna, bare, both]) {
        assert.deepEqual((await users.find(one.user.id)).user, one.user)
        assert.deepEqual((await users.findByEmail(one.key)).user, one.user)
        assert.equal((await credentials.list(one.user.id)).length, one.credentials.length)
        for (const each of one.credentials) {
          assert.deepEqual(await credentials.find(each.userId, each.kind, each.id), each)
        }
      }
      const withRole = await users.list({ role: 'a' }, null, 10)
      assert.deepEqual(withRole.items, [anna.user])
      const all = await users.list({}, null, 10)
      assert.equal(all.items.length, 3)
    })

    test('of none makes none', async ({ users }) => {
      assert.deepEqual(await users.admit([]), [])
    })

    test('passes over an address or id in use, and keeps nothing of it', async ({ users, credentials }) => {
      const there = newcomer('there')
      await users.create(there.user, there.key)
      const sameAddress = { ...newcomer('other'), key: there.key }
      const sameId: Newcomer = { ...there, key: 'elsewhere', user: { ...there.user, name: 'someone else' } }
      const free = newcomer('free')
      assert.deepEqual(await users.admit([sameAddress, free, sameId]), [false, true, false])
      assert.deepEqual((await users.find(there.user.id)).user, there.user)
      assert.equal((await users.find(sameAddress.user.id)).user, null)
      assert.equal((await users.findByEmail('elsewhere')).user, null)
      for (const { user } of [there, sameAddress]) assert.deepEqual(await credentials.list(user.id), [])
      assert.deepEqual(await credentials.list(free.user.id), free.credentials)
      const { items } = await users.list({ role: 'user' }, null, 10)
      assert.equal(items.length, 2)
    })

    test('of several with one address in one call makes the first', async ({ users, credentials }) => {
      const all = ['c', 'a', 'b'].map((label) => ({ ...newcomer(label), key: 'same' }))
      const last = newcomer('0')
      assert.deepEqual(await users.admit([...all, last]), [true, false, false, true])
      assert.equal((await users.findByEmail('same')).user?.name, 'c')
      assert.deepEqual(await credentials.list(idOf('a')), [])
    })

    test('of several with one id in one call makes one, with its own credentials', async ({ users, credentials }) => {
      const taken = newcomer('taken')
      await users.create(taken.user, taken.key)
      const record = (text: string) => [sampleCredential({ userId: idOf('same'), record: text })]
      const first = { ...newcomer('same'), key: taken.key, credentials: record('of nobody') }
      const second = { ...newcomer('same'), key: 'z', credentials: record('mine') }
      assert.deepEqual(await users.admit([first, second]), [false, true])
      assert.deepEqual(await credentials.list(idOf('same')), record('mine'))
    })

    test('what was left under the id opens nothing', async ({ users, credentials }) => {
      const anna = newcomer('anna')
      await credentials.add(sampleCredential({ userId: anna.user.id, record: 'of somebody before' }))
      await credentials.add(sampleCredential({ userId: anna.user.id, kind: 'passkey', id: 'old' }))
      assert.deepEqual(await users.admit([anna]), [true])
      assert.deepEqual(await credentials.list(anna.user.id), anna.credentials)
    })

    test('ends nothing: the feed has no word of it', async ({ users }) => {
      const watched = await watch(users.source)
      await users.admit([newcomer('anna')])
      assert.deepEqual(await watched.changes(), [])
    })

    race(
      'of 20 admitting the same ten at once, each is made once, with the credential of its maker',
      async (one, two) => {
        const answers = await together(20, (i) => {
          const all = Array.from({ length: 10 }, (_, n) => {
            const user = sampleUser(`${i}-${n}`, { email: `${n}@example.org` })
            return { user, key: user.email, credentials: [sampleCredential({ userId: user.id, record: `of ${i}` })] }
          })
          // Some begin at the other end.
          return (i % 2 ? two : one).users
            .admit(i % 3 ? all : all.toReversed())
            .then((made) => (i % 3 ? made : made.toReversed()))
        })
        for (let n = 0; n < 10; n += 1) {
          const makers = answers.flatMap((made, i) => (made[n] ? [i] : []))
          assert.equal(makers.length, 1, `${makers.length} made user ${n}`)
          const { user } = await two.users.findByEmail(`${n}@example.org`)
          assert.equal(user?.id, idOf(`${makers[0]}-${n}`))
          assert.equal(
            (await one.credentials.find(user?.id ?? idOf('nobody'), 'password', ''))?.record,
            `of ${makers[0]}`,
          )
        }
      },
    )
  })
}

function newcomer(label: string, over: Partial<User> = {}): Newcomer {
  const user = sampleUser(label, over)
  return {
    user,
    key: user.email.toLowerCase(),
    credentials: [sampleCredential({ userId: user.id, record: `of ${label}` })],
  }
}
