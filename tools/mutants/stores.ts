// biome-ignore-all format: one fault a line

import { faults } from './mutant.ts'

export const STORES = [
  ...faults('src/entrance.ts', 'test/entrance.test.ts', [
    ['P3', 'if (!isOpen) {', 'if (false) {', 'is closed at first'],
    ['P3', 'await Promise.allSettled(inside)', 'await null', 'closes when everybody who came in'],
    ['P3', 'isOpen = false\n      return inTurn', 'return inTurn', 'closes when everybody who came in'],
    ['P3', 'answer.then(leave, leave)', 'answer.then(leave)', 'closes when everybody who came in'],
    ['P3', 'isOpen = false\n        if', 'if', 'closes once for all who ask'],
    ['P3', 'if (!isUp) return', '', 'closes once for all who ask'],
    ['P3', 'if (!isUp) await work()', 'await work()', 'opens once for all who ask'],
    ['P3', 'last.then(step)', 'step()', 'opens again after what is being closed'],
    ['P3', 'last = done.catch(() => {})', 'last = done', 'opens again after what is being closed'],
  ]),
  ...faults('src/stores/sql/sqlite/background.ts', 'test/stores/sqlite-process.test.ts', [
    ['LG-01', 'setTimeout(resolve, early))', 'setTimeout(resolve, early).unref())', 'LG-01: loses no event of a process'],
  ]),
  ...faults('src/stores/sql/sqlite/background.ts', 'test/stores/sqlite-contract.test.ts', [
    ['P3', 'return ports({', 'return ({', 'a source that is closed answers first'],
  ]),
  ...faults('src/stores/sql/sqlite/background.ts', 'test/stores/sqlite-thread.test.ts', [
    ['LG-01', 'if (early > 0) await', 'if (false) await', 'appends what happens within 50 ms'],
  ]),
  ...faults('src/stores/memory/sessions.ts', 'test/stores/memory.test.ts', [
    ['P7', 'return record && record.endedAt === null ? record : null\n  }\n\n  function endEach', 'return record\n  }\n\n  function endEach', 'P7: end, touch, replace and setFields in every order, one after'],
    ['P5', 'Math.max(record.lastActiveAt, use.lastActiveAt)', 'use.lastActiveAt', 'moves activity forward, never back'],
    ['SL-04', 'open.length - limit.max + 1', 'open.length - limit.max', '20 starting at once under a limit of 3'],
    ['SL-01', 'record?.digest === expected ? record : null', 'record', 'does nothing unless the expected digest'],
    ['TO-01', 'record.lastActiveAt > unlessUsedAfter', 'false', 'with unlessUsedAfter only what was not used later'],
    ['P1', "append({ kind: 'ended', sessions, reason, at: now })", '', 'ends one, says so in the feed'],
    ['TO-08', 'table.due(before, limit)', 'table.due(before - 1, limit)', 'TO-08: ends from the very instant'],
  ]),
  ...faults('src/stores/memory/users.ts', 'test/stores/memory.test.ts', [
    ['TE-07', 'user.generation + (locks ? 1 : 0)', 'user.generation', 'locking raises version and generation'],
    ['AZ-02', '({ roles, version: version + 1 })', '({ roles, version })', 'setRoles raises the version only'],
    ['TE-08', 'everyone += 1', 'everyone += 0', '20 callers of endEveryone'],
  ]),
  ...faults('src/stores/memory/tickets.ts', 'test/stores/memory.test.ts', [
    ['RC-01', '=== kind ? drop(digest) : null)', '=== kind ? (tickets.get(digest) ?? null) : null)', 'RC-01: of 50 taking one ticket'],
  ]),
  ...faults('src/stores/memory/feed.ts', 'test/stores/memory.test.ts', [
    ['P1', 'complete: from + page.length === entries.length', 'complete: true', 'a read brings at most what was asked'],
    ['P1', 'keep({ ...found, marked: true })', 'keep({ ...found })', 'a marked row stays marked'],
    ['P1', 'found && at > found.acknowledged', 'found', 'acknowledging moves a row forward, never back'],
  ]),
]
