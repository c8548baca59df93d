import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Page, UserFilter } from '../../src/store.ts'
import { idOf, sampleUser, T0 } from '../../src/testing/samples.ts'
import type { User } from '../../src/user.ts'
import { begin, wordsOf } from '../../src/words.ts'
import { opened } from './sqlite-fixture.ts'

async function walk(list: (cursor: string | null) => Promise<Page<User>>): Promise<string[]> {
  const all: string[] = []
  for (let cursor: string | null = null; ; ) {
    const page: Page<User> = await list(cursor)
    all.push(...page.items.map(({ id }) => id))
    if (page.nextCursor === null) return all
    cursor = page.nextCursor
  }
}

/** More than are rare, so that every way through is taken: few kinds of a word, many, and none. */
const COUNT = 2_900

it('finds whom a filter asks for by every way through, each once, newest first', async () => {
  const store = await opened()
  const users = Array.from({ length: COUNT }, (_, i) =>
    sampleUser(`u${i}`, {
      email: `w${i}.x${i % 7}@${i % 2 ? 'example.com' : 'exam.example'}`,
      name: i % 3 === 0 ? `Common ${i % 50 === 0 ? 'Rare' : 'Other'}` : 'Common',
      roles: i % 1_000 === 0 ? ['member', 'admin'] : ['member'],
      status: i % 2_000 === 1 ? 'locked' : 'active',
      createdAt: T0 + Math.floor(i / 2),
    }),
  )
  for (let i = 0; i < COUNT; i += 1_000) {
    await Promise.all(users.slice(i, i + 1_000).map((user) => store.users.create(user, user.email)))
  }
  const filters: UserFilter[] = [
    { query: 'common' },
    { query: 'exam' },
    { query: 'example' },
    { query: 'w' },
    { query: 'w1' },
    { query: 'rare' },
    { query: 'common rare' },
    { query: 'w exam common' },
    { query: 'common other x3' },
    { query: 'w nobody' },
    { query: 'common', status: 'locked' },
    { query: 'w', role: 'admin' },
    { query: 'w', status: 'active', role: 'member' },
    { query: 'exam rare', status: 'active' },
    { role: 'member', status: 'locked' },
    { role: 'admin', status: 'locked' },
    { status: 'active', role: 'admin' },
  ]
  for (const filter of filters) {
    const wanted = users
      .filter(
        (user) => filter.query === undefined || begin(wordsOf(`${user.email} ${user.name}`), wordsOf(filter.query)),
      )
      .filter(({ roles, status }) => roles.includes(filter.role ?? 'member') && status === (filter.status ?? status))
      .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    const found = await walk((cursor) => store.users.list(filter, cursor, 200))
    expect(found, JSON.stringify(filter)).toEqual(wanted.map(({ id }) => id))
  }
})

it('the database parts texts into the words that are looked for', async () => {
  const store = await opened()
  const sign = fc.constantFrom(...'ab Ç.-\'_@+,()/&"\\%🦊\u00e9e\u0301ß')
  const text = fc.array(sign, { maxLength: 12 }).map((signs) => signs.join(''))
  let i = 0
  await fc.assert(
    fc.asyncProperty(text, text, text, async (email, name, next) => {
      i += 1
      const user = sampleUser(`u${i}`, { id: idOf(`u${i}`), email, name })
      await store.users.create(user, `key ${i}`)
      const finds = async (query: string) =>
        (await store.users.list({ query }, null, 10)).items.some(({ id }) => id === user.id)
      for (const word of wordsOf(`${email} ${name}`))
        expect(await finds(word), JSON.stringify([email, name, word])).toBe(true)
      await store.users.edit(user.id, { name: next })
      const now = wordsOf(`${email} ${next}`)
      for (const word of now) expect(await finds(word)).toBe(true)
      for (const word of wordsOf(name)) expect(await finds(word)).toBe(begin(now, [word]))
      await store.users.remove(user.id)
    }),
    { seed: 20_265, numRuns: 200 },
  )
})
