import assert from 'node:assert/strict'
import type { UserId } from '../../user.ts'
import { idOf, sampleCredential, T0 } from '../samples.ts'
import { type Cases, together } from './harness.ts'

const OWNER: UserId = idOf('owner')
const OTHER: UserId = idOf('other')

/** The cases of `Credentials`. */
export function credentialCases({ group, test, race }: Cases): void {
  const password = sampleCredential()

  group('credentials', () => {
    test('one is found by user, kind and id, exactly as added', async ({ credentials }) => {
      const passkey = sampleCredential({
        kind: 'passkey',
        id: 'k',
        record: '{"x":"é \\" 🦊"}',
        version: 4,
        disabledAt: T0 + 1,
      })
      const others = sampleCredential({ userId: OTHER })
      for (const one of [password, passkey, others]) assert.equal(await credentials.add(one), true)
      assert.deepEqual(await credentials.find(OWNER, 'password', ''), password)
      assert.deepEqual(await credentials.find(OWNER, 'passkey', 'k'), passkey)
      assert.deepEqual(await credentials.find(OTHER, 'password', ''), others)
      assert.equal(await credentials.find(OWNER, 'passkey', ''), null)
      assert.equal(await credentials.find(OWNER, 'totp', 'k'), null)
      assert.equal(await credentials.find(OTHER, 'passkey', 'k'), null)
    })

    test('list has all of one user', async ({ credentials }) => {
      const own = [
        password,
        sampleCredential({ kind: 'passkey', id: 'a' }),
        sampleCredential({ kind: 'passkey', id: 'b' }),
      ]
      for (const one of [...own, sampleCredential({ userId: OTHER })]) await credentials.add(one)
      const listed = [...(await credentials.list(OWNER))].sort((a, b) => (a.id < b.id ? -1 : 1))
      assert.deepEqual(listed, own)
      assert.deepEqual(await credentials.list(idOf('nobody')), [])
    })

    test('add changes nothing where there is one already', async ({ credentials }) => {
      await credentials.add(password)
      assert.equal(await credentials.add({ ...password, record: 'other' }), false)
      assert.deepEqual(await credentials.find(OWNER, 'password', ''), password)
    })

    race('of 50 adding the same one at once, one does', async (one, two) => {
      const added = await together(50, (i) =>
        (i % 2 ? two : one).credentials.add(sampleCredential({ record: `record-${i}` })),
      )
      assert.equal(added.filter(Boolean).length, 1)
      const kept = await one.credentials.find(OWNER, 'password', '')
      assert.equal(kept?.record, `record-${added.indexOf(true)}`)
    })

    test('replace needs the expected version, raises it, and enables', async ({ credentials }) => {
      const old = sampleCredential({ version: 3, disabledAt: T0 + 1 })
      await credentials.add(old)
      for (const wrong of [2, 4, 0]) {
        assert.equal(await credentials.replace(OWNER, 'password', '', wrong, 'new', T0 + 5), false)
      }
      assert.deepEqual(await credentials.find(OWNER, 'password', ''), old)
      assert.equal(await credentials.replace(OWNER, 'password', '', 3, 'new', T0 + 5), true)
      const expected = { ...old, record: 'new', version: 4, updatedAt: T0 + 5, disabledAt: null }
      assert.deepEqual(await credentials.find(OWNER, 'password', ''), expected)
      assert.equal(await credentials.replace(OWNER, 'password', '', 3, 'late', T0 + 6), false)
      assert.deepEqual(await credentials.find(OWNER, 'password', ''), expected)
    })

    test('replace makes none where there is none', async ({ credentials }) => {
      await credentials.add(password)
      assert.equal(await credentials.replace(OTHER, 'password', '', 1, 'new', T0), false)
      assert.equal(await credentials.replace(OWNER, 'passkey', '', 1, 'new', T0), false)
      assert.equal(await credentials.replace(OWNER, 'password', 'x', 1, 'new', T0), false)
      assert.deepEqual(await credentials.list(OTHER), [])
      assert.deepEqual(await credentials.list(OWNER), [password])
    })

    race('of 50 replacing the same version at once, one does', async (one, two) => {
      await one.credentials.add(password)
      const won = await together(50, (i) =>
        (i % 2 ? two : one).credentials.replace(OWNER, 'password', '', 1, `record-${i}`, T0 + i),
      )
      assert.equal(won.filter(Boolean).length, 1)
      const kept = await two.credentials.find(OWNER, 'password', '')
      assert.deepEqual([kept?.record, kept?.version], [`record-${won.indexOf(true)}`, 2])
    })

    test('disable keeps the record until it is replaced, raises the version once, and the first time counts', async ({
      credentials,
    }) => {
      await credentials.add(password)
      await credentials.disable(OWNER, 'password', '', T0 + 1)
      await credentials.disable(OWNER, 'password', '', T0 + 2)
      assert.deepEqual(await credentials.find(OWNER, 'password', ''), { ...password, version: 2, disabledAt: T0 + 1 })
      // A replacement that was under way when it was disabled enables nothing.
      assert.equal(await credentials.replace(OWNER, 'password', '', 1, 'new', T0 + 3), false)
      assert.equal(await credentials.replace(OWNER, 'password', '', 2, 'new', T0 + 3), true)
      assert.equal((await credentials.find(OWNER, 'password', ''))?.disabledAt, null)
      await credentials.disable(OWNER, 'password', '', T0 + 4)
      assert.equal((await credentials.find(OWNER, 'password', ''))?.disabledAt, T0 + 4)
    })

    test('disable makes none where there is none, and reaches one only', async ({ credentials }) => {
      await credentials.add(password)
      await credentials.disable(OTHER, 'password', '', T0)
      await credentials.disable(OWNER, 'passkey', '', T0)
      assert.deepEqual(await credentials.list(OTHER), [])
      assert.deepEqual(await credentials.list(OWNER), [password])
    })

    test('remove takes one, or all of the user, and none of others', async ({ credentials }) => {
      const others = sampleCredential({ userId: OTHER })
      const passkeys = ['a', 'b'].map((id) => sampleCredential({ kind: 'passkey', id }))
      for (const one of [password, ...passkeys, others]) await credentials.add(one)
      await credentials.remove(OWNER, 'passkey', 'a')
      await credentials.remove(OWNER, 'passkey', 'a')
      assert.equal(await credentials.find(OWNER, 'passkey', 'a'), null)
      assert.equal((await credentials.list(OWNER)).length, 2)
      await credentials.remove(OWNER, null, '')
      assert.deepEqual(await credentials.list(OWNER), [])
      assert.deepEqual(await credentials.list(OTHER), [others])
      assert.equal(await credentials.add(password), true)
    })
  })
}
