import assert from 'node:assert/strict'
import { feedsOf } from '../../source.ts'
import type { Store } from '../../store.ts'
import {
  idOf,
  sampleCredential,
  sampleEvent,
  sampleKey,
  sampleService,
  sampleSession,
  sampleTicket,
  sampleUser,
  T0,
} from '../samples.ts'
import { alongside, announced, type Cases, mentions, sourcesOf, tailsOf, together, turn, watch } from './harness.ts'

/** The cases of `Source`, of the feed that all ports of one source write to, and of names nobody should use. */
export function sourceCases({ group, test, race, between }: Cases): void {
  group('sources', () => {
    test('every port has a source, which opens again and answers', async (store) => {
      for (const source of sourcesOf(store)) {
        assert.ok(source.name.length > 0)
        await source.open()
        await source.open()
        await source.ping()
      }
    })

    test('a closed source carries nothing out: every verb throws StoreUnavailable', async (store) => {
      await store.users.create(sampleUser('anna'), 'anna')
      for (const source of sourcesOf(store)) await source.close()
      const verbs: Record<string, () => Promise<unknown>> = {
        'users.find': () => store.users.find(idOf('anna')),
        'users.create': () => store.users.create(sampleUser('bert'), 'bert'),
        'users.setStatus': () => store.users.setStatus(idOf('anna'), 'locked'),
        'users.list': () => store.users.list({}, null, 10),
        'credentials.find': () => store.credentials.find(idOf('anna'), 'password', ''),
        'sessions.start': () => store.sessions.start(sampleSession('one'), null, T0),
        'sessions.find': () => store.sessions.find(idOf('one')),
        'sessions.touch': () => store.sessions.touch([sampleSession('one')]),
        'sessions.advance': () => store.sessions.advance(idOf('one'), 'digest', 0, 1, T0),
        'sessions.end': () => store.sessions.end(idOf('one'), 'signed_out', T0),
        'denials.check': () => store.denials.check(idOf('one')),
        'keys.list': () => store.keys.list(),
        'keys.add': () => store.keys.add(sampleKey('k'), null),
        'keys.remove': () => store.keys.remove('k', 'EdDSA', T0),
        'services.find': () => store.services.find('id'),
        'services.add': () => store.services.add(sampleService('one')),
        'tickets.take': () => store.tickets.take('digest', 'reset'),
        'counters.reserve': () => store.counters.reserve('key', { free: 1, delay: 1, cap: 1, window: 1 }, T0),
        'audit.list': () => store.audit.list({}, null, 10),
        'audit.after': () => store.audit.after(0, 10),
        'audit.place': () => store.audit.place('reader'),
        'audit.advance': () => store.audit.advance('reader', 1),
        'feed.tail': () => store.sessions.source.feed.tail(),
        'feed.register': () => store.sessions.source.feed.register(null),
        'source.turn': () => store.sessions.source.turn('work', 'holder', T0, T0 + 1),
        ping: () => store.sessions.source.ping(),
      }
      for (const [name, verb] of Object.entries(verbs)) {
        await assert.rejects(verb, (error: Error) => error.name === 'StoreUnavailable', `${name} after close()`)
      }
    })

    test('a source that is opened while it closes is open', async (store) => {
      await store.users.create(sampleUser('anna'), 'anna')
      const both = sourcesOf(store).flatMap((source) => [source.close(), source.open()])
      await Promise.all(both)
      for (const source of sourcesOf(store)) await source.ping()
      assert.deepEqual((await store.users.find(idOf('anna'))).user, sampleUser('anna'))
    })

    test('a source that is closed answers first what it was asked before', async (store) => {
      await store.users.create(sampleUser('anna'), 'anna')
      const asked = [
        ...Array.from({ length: 20 }, (_, i) => store.sessions.start(sampleSession(`one-${i}`), null, T0)),
        ...Array.from({ length: 20 }, () => store.sessions.find(idOf('one-0'))),
        store.users.find(idOf('anna')),
        store.tickets.put(sampleTicket('one')),
        store.denials.check(idOf('one-0')),
        ...Array.from({ length: 3 }, (_, i) => store.audit.append([sampleEvent(`event-${i}`)])),
        ...sourcesOf(store).flatMap(({ feed, ping }) => [feed.tail(), feed.rows(), ping()]),
      ]
      const answers = Promise.allSettled(asked)
      await Promise.all(sourcesOf(store).map((source) => source.close()))
      for (const answer of await answers) assert.equal(answer.status, 'fulfilled', JSON.stringify(answer))
    })
  })

  group('turns', () => {
    race('of 20 who ask for a turn at once one has it, and keeps it while it lasts', async (one, two) => {
      const asked = await Promise.all(
        Array.from({ length: 20 }, (_, i) => (i % 2 ? one : two).sessions.source.turn('work', `h${i}`, T0, T0 + 100)),
      )
      const holder = asked.indexOf(true)
      assert.deepEqual(
        asked.filter((has) => has),
        [true],
      )
      const { turn } = one.sessions.source
      assert.equal(await turn('work', 'another', T0 + 99, T0 + 199), false)
      assert.equal(await turn('work', `h${holder}`, T0 + 99, T0 + 199), true)
      assert.equal(await turn('work', 'another', T0 + 198, T0 + 298), false)
      assert.equal(await two.sessions.source.turn('work', 'another', T0 + 199, T0 + 299), true)
      assert.equal(await turn('work', `h${holder}`, T0 + 200, T0 + 300), false)
    })

    test('a turn that is given up is free at once, and each work has its own', async ({ sessions }) => {
      const { turn } = sessions.source
      assert.equal(await turn('one', 'a', T0, T0 + 100), true)
      assert.equal(await turn('two', 'b', T0, T0 + 100), true)
      assert.equal(await turn('one', 'a', T0 + 1, 0), true)
      assert.equal(await turn('one', 'b', T0 + 1, T0 + 100), true)
    })
  })

  group('the feed of what is written', () => {
    race('200 mixed writes at once: complete, in order, and never beyond an answered position', async (one, two) => {
      if (one.users.source !== one.sessions.source) return
      await together(40, async (i) => {
        await one.users.create(sampleUser(`user-${i}`), `user-${i}`)
        for (const kind of ['end', 'set', 'new']) await one.sessions.start(sampleSession(`${kind}-${i}`), null, T0)
      })
      const watched = await watch(one.users.source, 7)
      const other = await watch(two.users.source, 7)
      const seen: (readonly number[])[] = []
      const look = async () => void seen.push((await other.entries()).map(({ at }) => at))
      const said: [position: number, about: string][] = []
      const note = async (about: string, verb: Promise<{ readonly value: unknown; readonly position: number }>) => {
        const { value, position } = await verb
        assert.notEqual(value, null, about)
        said.push([position, about])
      }
      const write = (i: number) => {
        const { users, sessions } = i % 2 ? two : one
        return Promise.all([
          note(`user user-${i}`, users.setRoles(idOf(`user-${i}`), ['x'])),
          note(`ended end-${i}`, sessions.end(idOf(`end-${i}`), 'signed_out', T0)),
          note(`session set-${i}`, sessions.setFields(idOf(`set-${i}`), { i })),
          note(
            `session new-${i}`,
            sessions.replace(idOf(`new-${i}`), sampleSession(`new-${i}`).digest, replacement(i)),
          ),
          sessions.touch([{ ...sampleSession(`set-${i}`), lastActiveAt: T0 + i }]),
          sessions.advance(idOf(`set-${i}`), sampleSession(`set-${i}`).digest, 0, 1, T0 + i),
          note(`everyone ${i}`, users.endEveryone()),
        ])
      }
      await alongside(look, () => together(40, write))
      const entries = await watched.entries()
      assert.equal(entries.length, 200)
      assert.equal(said.length, 200)
      assert.equal(new Set(entries.map(({ id }) => id)).size, 200, 'each entry has an id of its own')
      for (const [position, about] of said) {
        const [kind, name = ''] = about.split(' ')
        if (kind === 'everyone') continue
        announced(entries, position, (change) => {
          if (change.kind === 'ended') return kind === 'ended' && change.sessions.includes(idOf(name))
          if (change.kind === 'session') return kind === 'session' && change.session === idOf(name)
          return change.kind === 'user' && kind === 'user' && change.user === idOf(name)
        })
      }
      const all = entries.map(({ at }) => at)
      for (const early of seen) {
        assert.deepEqual(early, all.slice(0, early.length), 'an entry appeared at or below one that was read before')
      }
    })

    race('change and entry become visible in one: neither is ever there without the other', async (one, two) => {
      const records = Array.from({ length: 30 }, (_, i) => sampleSession(`session-${i}`))
      for (const record of records) await one.sessions.start(record, null, T0)
      const watched = await watch(two.sessions.source)
      const look = async () => {
        const said = await watched.entries()
        const found = await Promise.all(records.map(({ id }) => two.sessions.find(id)))
        const then = await watched.entries()
        for (const record of found) {
          const { id, endedAt } = record ?? sampleSession('gone')
          if (mentions(said, id).length > 0) assert.notEqual(endedAt, null, 'the feed said it before it was so')
          if (endedAt !== null) assert.equal(mentions(then, id).length, 1, 'it was so before the feed said it')
        }
      }
      await alongside(look, async () => {
        for (const [i, { id }] of records.entries()) {
          if (i % 3 === 0) await turn()
          await (i % 2 ? two : one).sessions.end(id, 'signed_out', T0)
        }
      })
    })

    between('rows and what they acknowledge are seen by both handles', async (one, two) => {
      await one.sessions.start(sampleSession('one'), null, T0)
      const { value, position, part = 0 } = await two.sessions.setFields(idOf('one'), { set: true })
      assert.notEqual(value, null)
      const [feed, other] = [feedsOf(one.sessions.source)[part], feedsOf(two.sessions.source)[part]]
      assert.ok(feed && other)
      const { row, epoch } = await feed.register({ at: 0, id: '' })
      await feed.acknowledge(row, position)
      assert.deepEqual(await other.rows(), [{ id: row, acknowledged: position, marked: false }])
      await other.mark([row])
      assert.equal((await feed.rows())[0]?.marked, true)
      assert.equal((await other.register(null)).epoch, epoch)
    })

    between('the second handle sees at once what the first wrote, and its feed has it', async (one, two) => {
      const watched = await watch(two.sessions.source)
      await one.users.create(sampleUser('anna'), 'anna')
      await one.sessions.start(sampleSession('one'), null, T0)
      await one.credentials.add(sampleCredential())
      await one.tickets.put(sampleTicket('one'))
      await one.services.add(sampleService('one'))
      await one.keys.add(sampleKey('k'), null)
      assert.deepEqual((await two.users.findByEmail('anna')).user, sampleUser('anna'))
      assert.deepEqual(await two.sessions.find(idOf('one')), sampleSession('one'))
      assert.deepEqual(await two.credentials.find(idOf('owner'), 'password', ''), sampleCredential())
      assert.deepEqual(await two.services.find(idOf('one')), sampleService('one'))
      assert.deepEqual(await two.keys.list(), [sampleKey('k')])
      assert.deepEqual(await two.tickets.take(sampleTicket('one').digest, 'reset'), sampleTicket('one'))
      assert.equal(await one.tickets.take(sampleTicket('one').digest, 'reset'), null)
      const { position, part = 0 } = await one.sessions.end(idOf('one'), 'signed_out', T0)
      if (one.denials.source === one.sessions.source) {
        assert.equal(await two.denials.check(idOf('one')), 'signed_out')
      }
      assert.equal(mentions(await watched.entries(), idOf('one')).length, 1)
      assert.equal((await tailsOf(two.sessions.source))[part], position)
    })
  })

  group('names nobody should use', () => {
    const names = ['__proto__', 'constructor', 'o\'brien"; --', '🦊 é', 'a%b', 'a_b', 'a\\b', '{"$ne":1}', '../x', ' ']

    test('are names like any other, and none is taken for another', async (store) => {
      for (const [i, name] of names.entries()) {
        const id = name as never
        assert.equal((await store.users.find(id)).user, null)
        assert.equal(await store.users.create(sampleUser('x', { id, name, createdAt: T0 + i }), name), true, name)
        await store.sessions.start(sampleSession('x', { id, userId: id, createdAt: T0 + i }), null, T0)
        assert.equal(await store.credentials.add(sampleCredential({ userId: id, kind: name, id: name })), true)
        await store.tickets.put(sampleTicket('x', { digest: name, kind: name, userId: id, data: { [name]: name } }))
        assert.equal(await store.services.add(sampleService('x', { id: name, name })), true)
      }
      for (const name of names) {
        const id = name as never
        assert.equal((await store.users.findByEmail(name)).user?.name, name)
        assert.equal((await store.sessions.ofUser(id, 'active', 10)).length, 1)
        assert.equal((await store.sessions.advance(id, sampleSession('x').digest, 0, 1, T0))?.userId, name)
        assert.equal((await store.sessions.end(id, 'signed_out', T0)).value?.userId, name)
        assert.equal((await store.credentials.find(id, name, name))?.kind, name)
        assert.equal((await store.tickets.take(name, name))?.userId, name)
        assert.equal((await store.services.find(name))?.name, name)
      }
    })

    test('SI-06: what could not be stored finds nothing, and faults nothing', async (store) => {
      await store.users.create(sampleUser('anna'), 'anna')
      await store.sessions.start(sampleSession('one'), null, T0)
      for (const name of ['\u0000', 'x\u0000', 'A'.repeat(10_000), '', `${idOf('one')}\u0000`])
        await findNothing(store, name)
    })
  })
}

async function findNothing(store: Store, name: string): Promise<void> {
  const id = name as never
  assert.equal((await store.users.find(id)).user, null)
  assert.equal((await store.users.findByEmail(name)).user, null)
  assert.equal((await store.users.setRoles(id, [])).value, null)
  assert.equal(await store.sessions.find(id), null)
  assert.equal((await store.sessions.end(id, 'signed_out', T0)).value, null)
  assert.equal((await store.sessions.replace(idOf('one'), name, replacement(0))).value, null)
  assert.equal((await store.sessions.setFields(id, {})).value, null)
  assert.equal(await store.sessions.advance(id, sampleSession('one').digest, 0, 1, T0), null)
  assert.equal(await store.sessions.advance(idOf('one'), name, 0, 1, T0), null)
  await store.sessions.touch([{ ...sampleSession('x'), id }])
  assert.deepEqual(await store.sessions.ofUser(id, 'active', 10), [])
  assert.equal(await store.credentials.find(id, name, name), null)
  assert.equal(await store.denials.check(id), null)
  assert.equal(await store.tickets.take(name, name), null)
  assert.equal(await store.keys.reseal(name, name, 'sealed'), false)
  assert.equal(await store.keys.forget(name), false)
  assert.equal(await store.services.find(name), null)
  assert.equal(await store.services.remove(name), false)
  if (name === '') return
  assert.deepEqual((await store.users.list({ query: name }, null, 10)).items, [])
  assert.deepEqual((await store.sessions.list({ device: name, ip: name }, null, 10, T0)).items, [])
}

function replacement(i: number) {
  return {
    digest: `next-${i}`,
    authenticatedAt: T0,
    amr: ['pwd'],
    lastActiveAt: T0,
    longestIdle: 0,
    generation: 1,
    everyone: 0,
  }
}
