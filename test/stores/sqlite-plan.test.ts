import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import type { Store } from '../../src/store.ts'
import { type Driver, one, run, type Value, type Work } from '../../src/stores/sql/driver.ts'
import { sqlFeed } from '../../src/stores/sql/feed.ts'
import { sqliteDriver } from '../../src/stores/sql/sqlite/driver.ts'
import { sqlStore } from '../../src/stores/sql/store.ts'
import { turns } from '../../src/stores/sql/turns.ts'
import {
  sampleCredential,
  sampleEvent,
  sampleKey,
  sampleService,
  sampleSession,
  sampleTicket,
  sampleUser,
  T0,
} from '../../src/testing/samples.ts'
import { sourceOf } from './source-of.ts'
import { later, newFile } from './sqlite-fixture.ts'

/** A driver that writes down every statement it is given. */
function recording(driver: Driver, statements: Set<string>): Driver {
  function* recorded<T>(work: Work<T>): Work<T> {
    let step = work.next()
    while (!step.done) {
      if ('sql' in step.value) statements.add(step.value.sql)
      step = work.next(yield step.value)
    }
    return step.value
  }
  return {
    ...driver,
    one(sql, ...values) {
      statements.add(sql)
      return driver.one(sql, ...values)
    },
    all(sql, ...values) {
      statements.add(sql)
      return driver.all(sql, ...values)
    },
    write: (work) => driver.write(() => recorded(work())),
    lightly: (work) => driver.lightly(() => recorded(work())),
    run: (sql, ...values) => driver.write(() => recorded(run(sql, ...values))),
    change: <R>(sql: string, ...values: Value[]) => driver.write(() => recorded(one<R>(sql, ...values))),
    feed: {
      ...driver.feed,
      all(sql, ...values) {
        statements.add(sql)
        return driver.feed.all(sql, ...values)
      },
      run(sql, ...values) {
        statements.add(sql)
        return driver.feed.run(sql, ...values)
      },
      change(sql, ...values) {
        statements.add(sql)
        return driver.feed.change(sql, ...values)
      },
    },
  }
}

const ADA = sampleUser('ada')
const S1 = sampleSession('one', { userId: ADA.id })
const RULE = { free: 3, delay: 1000, cap: 60_000, window: 900_000 }

const VERBS: Readonly<Record<string, (store: Store) => Promise<unknown>>> = {
  'users.create': ({ users }) => users.create(ADA, 'ada@example.org'),
  'users.find': ({ users }) => users.find(ADA.id),
  'users.findByEmail': ({ users }) => users.findByEmail('ada@example.org'),
  'users.list': ({ users }) => users.list({}, null, 10),
  'users.list by role': ({ users }) => users.list({ role: 'admin' }, null, 10),
  'users.list by role and status': ({ users }) => users.list({ role: 'admin', status: 'locked' }, null, 10),
  'users.list by status': ({ users }) => users.list({ status: 'locked' }, null, 10),
  'users.list by all': ({ users }) => users.list({ role: 'admin', status: 'locked', query: 'a' }, null, 10),
  'users.list by text': ({ users }) => users.list({ query: 'a' }, null, 10),
  'users.list by text of nobody': ({ users }) => users.list({ query: 'zz example' }, null, 10),
  'users.findAll': ({ users }) => users.findAll([ADA.id]),
  'users.holders': ({ users }) => users.holders('admin', 10),
  'users.edit': ({ users }) => users.edit(ADA.id, { name: 'Ada' }),
  'users.setRoles': ({ users }) => users.setRoles(ADA.id, ['admin']),
  'users.setStatus': ({ users }) => users.setStatus(ADA.id, 'active'),
  'users.endAll': ({ users }) => users.endAll(ADA.id, 'signed_out'),
  'users.endEveryone': ({ users }) => users.endEveryone(),
  'credentials.add': ({ credentials }) => credentials.add(sampleCredential()),
  'credentials.find': ({ credentials }) => credentials.find(ADA.id, 'password', ''),
  'credentials.list': ({ credentials }) => credentials.list(ADA.id),
  'credentials.replace': ({ credentials }) => credentials.replace(ADA.id, 'password', '', 1, 'r', T0),
  'credentials.disable': ({ credentials }) => credentials.disable(ADA.id, 'password', '', T0),
  'credentials.remove': ({ credentials }) => credentials.remove(ADA.id, 'password', ''),
  'credentials.remove all': ({ credentials }) => credentials.remove(ADA.id, null, ''),
  'sessions.start': ({ sessions }) => sessions.start(S1, { max: 1, whenFull: 'end-oldest' }, T0),
  'sessions.start evicting': ({ sessions }) =>
    sessions.start(sampleSession('two', { userId: ADA.id }), { max: 1, whenFull: 'end-oldest' }, T0),
  'sessions.find': ({ sessions }) => sessions.find(S1.id),
  'sessions.ofUser': ({ sessions }) => sessions.ofUser(ADA.id, 'active', 10),
  'sessions.ofUser ended': ({ sessions }) => sessions.ofUser(ADA.id, 'ended', 10),
  'sessions.count': ({ sessions }) => sessions.count('M'),
  'sessions.list': ({ sessions }) => sessions.list({}, null, 10, T0),
  'sessions.list active': ({ sessions }) => sessions.list({ state: 'active' }, null, 10, T0),
  'sessions.list ended': ({ sessions }) => sessions.list({ state: 'ended' }, null, 10, T0),
  'sessions.list of user': ({ sessions }) => sessions.list({ userId: ADA.id }, null, 10, T0),
  'sessions.list active of user': ({ sessions }) => sessions.list({ userId: ADA.id, state: 'active' }, null, 10, T0),
  'sessions.list of ip': ({ sessions }) => sessions.list({ ip: '192.0.2.1' }, null, 10, T0),
  'sessions.list active of ip': ({ sessions }) => sessions.list({ ip: '192.0.2.1', state: 'active' }, null, 10, T0),
  'sessions.list of user and ip': ({ sessions }) => sessions.list({ userId: ADA.id, ip: '::1' }, null, 10, T0),
  'sessions.list of strategy': ({ sessions }) => sessions.list({ strategy: 'jwt', state: 'active' }, null, 10, T0),
  'sessions.list ended of strategy': ({ sessions }) => sessions.list({ strategy: 'jwt', state: 'ended' }, null, 10, T0),
  'sessions.list active of device': ({ sessions }) => sessions.list({ device: 'e', state: 'active' }, null, 10, T0),
  'sessions.list of device': ({ sessions }) => sessions.list({ device: 'fire', strategy: 'jwt' }, null, 10, T0),
  'sessions.touch': ({ sessions }) => sessions.touch([{ ...S1, lastActiveAt: T0 + 1 }]),
  'sessions.touch seen': ({ sessions }) => sessions.touch([{ ...S1, seen: { counter: 0, at: T0 + 1 } }]),
  'sessions.advance': ({ sessions }) => sessions.advance(S1.id, S1.digest, 0, 1, T0),
  'sessions.replace': ({ sessions }) => sessions.replace(S1.id, S1.digest, { ...S1, digest: 'x', longestIdle: 0 }),
  'sessions.setFields': ({ sessions }) => sessions.setFields(S1.id, {}),
  'sessions.end': ({ sessions }) => sessions.end(S1.id, 'signed_out', T0),
  'sessions.end unless used': ({ sessions }) => sessions.end(S1.id, 'signed_out', T0, T0),
  'sessions.endOf': ({ sessions }) => sessions.endOf(ADA.id, 'signed_out', T0, null),
  'sessions.endDue': ({ sessions }) => sessions.endDue(T0, 100, T0),
  'sessions.endOlder': ({ sessions }) => sessions.endOlder(1, 100, T0),
  'sessions.purge': ({ sessions }) => sessions.purge(T0, 100),
  'denials.deny': ({ denials }) => denials.deny({ sid: S1.id, reason: 'signed_out', until: T0 }, T0),
  'denials.deny again': ({ denials }) => denials.deny({ sid: S1.id, reason: 'signed_out', until: T0 }, T0),
  'denials.check': ({ denials }) => denials.check(S1.id),
  'denials.list': ({ denials }) => denials.list(T0, null, 10),
  'denials.purge': ({ denials }) => denials.purge(T0, 10),
  'keys.add': ({ keys }) => keys.add(sampleKey('a'), null),
  'keys.list': ({ keys }) => keys.list(),
  'keys.reseal': ({ keys }) => keys.reseal('a', 'sealed a', 'new'),
  'keys.remove': ({ keys }) => keys.remove('a', 'EdDSA', T0),
  'keys.remove again': ({ keys }) => keys.remove('a', 'EdDSA', T0),
  'keys.forget': ({ keys }) => keys.forget('a'),
  'services.add': ({ services }) => services.add(sampleService('one')),
  'services.find': ({ services }) => services.find(sampleService('one').id),
  'services.list': ({ services }) => services.list(),
  'services.remove': ({ services }) => services.remove(sampleService('one').id),
  'tickets.put': ({ tickets }) => tickets.put(sampleTicket('t')),
  'tickets.take': ({ tickets }) => tickets.take(sampleTicket('t').digest, 'reset'),
  'tickets.removeOf': ({ tickets }) => tickets.removeOf(ADA.id, 'reset'),
  'tickets.removeOf all': ({ tickets }) => tickets.removeOf(ADA.id, null),
  'tickets.purge': ({ tickets }) => tickets.purge(T0, 10),
  'counters.reserve': ({ counters }) => counters.reserve('k', RULE, T0),
  'counters.resolve': ({ counters }) => counters.resolve('k', 'clear', RULE, T0),
  'counters.list': ({ counters }) => counters.list(T0, null, 10),
  'counters.remove': ({ counters }) => counters.remove('k'),
  'counters.purge': ({ counters }) => counters.purge(T0, 10),
  'audit.append': ({ audit }) => audit.append([sampleEvent('e')]),
  'audit.list': ({ audit }) => audit.list({}, null, 10),
  'audit.list from to': ({ audit }) => audit.list({ from: T0, to: T0 }, null, 10),
  'audit.list of subject': ({ audit }) => audit.list({ subject: ADA.id }, null, 10),
  'audit.list of session': ({ audit }) => audit.list({ session: 's' }, null, 10),
  'audit.list of type': ({ audit }) => audit.list({ type: 'user.created' }, null, 10),
  'audit.list of all': ({ audit }) =>
    audit.list({ subject: ADA.id, session: 's', type: 'user.created', from: T0, to: T0 }, null, 10),
  'audit.after': ({ audit }) => audit.after(0, 10),
  'audit.place': ({ audit }) => audit.place('reader'),
  'audit.advance': ({ audit }) => audit.advance('reader', 1),
  'audit.purge': ({ audit }) => audit.purge(T0, 10),
  'settings.findPolicy': ({ settings }) => settings.findPolicy(),
  'settings.replacePolicy': ({ settings }) => settings.replacePolicy(0, {}),
  'settings.replacePolicy again': ({ settings }) => settings.replacePolicy(1, {}),
  'feed.register': (store) => sourceOf(store).feed.register(null),
  'source.turn': (store) => sourceOf(store).turn('work', 'holder', T0, T0 + 1),
  'feed.read': (store) => sourceOf(store).feed.read('row', { at: 0, id: '' }, 10),
  'feed.acknowledge': (store) => sourceOf(store).feed.acknowledge('row', 1),
  'feed.mark': (store) => sourceOf(store).feed.mark(['row']),
  'feed.remove': (store) => sourceOf(store).feed.remove(['row']),
  'feed.trim': (store) => sourceOf(store).feed.trim(0),
  'feed.tail': (store) => sourceOf(store).feed.tail(),
  'users.remove': ({ users }) => users.remove(ADA.id),
}

/**
 * What SQLite says when it goes through a whole table or index, or sorts what it has found. `n` is a page of the feed; the others are what a
 * query with a limit found, and a single row.
 */
const SLOW = /^SCAN (?!(json_each|n|few|own|kinds|branch\d+|CONSTANT ROW)\b)|USE TEMP B-TREE/
/** The verbs that answer with all there is go through it in the order of an index. */
const WHOLE = /^SCAN (keys|services) USING INDEX /
const OF_WHOLE: readonly string[] = ['keys.list', 'services.list']

it('answers every verb from an index, without going through a table and without sorting', async () => {
  const file = newFile()
  const driver = sqliteDriver(file, 5000)
  const statements = new Set<string>()
  const recorded = recording(driver, statements)
  const store = sqlStore(recorded, {
    ...driver,
    name: 'sqlite',
    batch: 50,
    feed: sqlFeed(recorded),
    turn: turns(recorded),
  })
  await driver.open()
  later(() => driver.close())
  const database = new DatabaseSync(file)
  later(() => database.close())

  const slow: string[] = []
  const seen = new Set<string>()
  for (const [name, verb] of Object.entries(VERBS)) {
    statements.clear()
    await verb(store)
    expect(statements.size, `${name} runs statements`).toBeGreaterThan(0)
    for (const sql of statements) {
      if (seen.has(sql)) continue
      seen.add(sql)
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as { detail: string }[]
      for (const { detail } of plan) {
        const isWhole = OF_WHOLE.includes(name) && WHOLE.test(detail)
        if (SLOW.test(detail) && !isWhole) slow.push(`${name}: ${detail}\n${sql}`)
      }
    }
  }
  expect(slow).toEqual([])
})
