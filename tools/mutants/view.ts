// biome-ignore-all format: one fault a line

import { faults } from './mutant.ts'

export const VIEW = [
  ...faults('src/view/meter.ts', 'test/flows/metrics.test.ts', [
    ['P1', 'waits.delete(own)', '', 'how long endings took to be true everywhere'],
  ]),
  ...faults('src/cli/with-auth.ts', 'test/cli/cli.test.ts', [
    ['P1', 'auth.metrics().waiting.longest < SILENT_MS', 'systemClock.monotonic() < 1500', 'says nothing of servers where the database'],
  ]),
  ...faults('src/view/lease.ts', 'test/view/lease.test.ts', [
    ['P1', 'asked.monotonic + LEASE_MS, wall: asked.wall + LEASE_MS', 'asked.monotonic + LEASE_MS + 1, wall: asked.wall + LEASE_MS + 1', 'P1: ends exactly L after the question'],
    ['P1', 'at.wall < lease.wall', 'true', 'P1: ends while the machine is suspended'],
    ['P1', 'at.monotonic < lease.monotonic', 'true', 'P1: is not lengthened by a wall clock that steps back'],
    ['P1', 'Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY', 'Infinity, wall: Infinity', 'is held by nobody before the first read'],
  ]),
  ...faults('src/view/follower.ts', 'test/view/follower.test.ts', [
    ['P1', 'lease = leaseFrom(asked)', 'lease = leaseFrom(moment(clock))', 'P1: counts the lease from the question'],
    ['P1', "answer.complete && answer.standing === 'good'", "answer.standing === 'good'", 'P1: a page is no complete read'],
    ['P1', 'apply(change)', '', 'applies every change once and in order'],
    ['P1', 'if (answer.lost || answer.epoch !== epoch)', 'if (answer.epoch !== epoch)', 'forgets everything when the feed lost entries'],
    ['P1', 'entry?.at === position.at + 1 && entry.follows === position.id', 'entry !== undefined', 'P1: is not taken where others lie between'],
    ['P1', ' && entry.follows === position.id', '', 'P1: is not taken where it follows another entry'],
    ['P1', 'take(entry)\n      arrived()', 'take(entry)\n      lease = leaseFrom(moment(clock))\n      arrived()', 'P3: grants nothing: without reads'],
    ['P3', 'leased: (at = moment(clock)) => holds(lease, at)', 'leased: () => lease !== NO_LEASE', 'P3: loses the lease when the feed stops answering'],
  ]),
  ...faults('src/view/follower.ts', 'test/view/marked-row.test.ts', [
    ['P1', "answer.complete && answer.standing === 'good'", 'answer.complete', 'P1: a read on a marked row'],
  ]),
  ...faults('src/view/settle.ts', 'test/view/settle.test.ts', [
    ['P1', 'row.acknowledged < at', 'row.acknowledged < at - 1', 'P1: waits for a row that is behind'],
    ['P1', 'const deadline = begun + SETTLE_MS', 'const deadline = begun + SETTLE_MS / 2', 'P1: returns without an acknowledgement only when'],
    ['P1', 'feed.rows()).catch(() => null)', 'feed.rows()).catch(() => [])', 'P1: settles by time alone when the rows cannot be read'],
    ['P1', 'mine === null || rows.some(({ id }) => id === mine)', 'true', 'P1: rows without one’s own say nothing'],
    ['P1', 'isThere && clock.monotonic() - own.lostAt() >= SETTLE_MS', 'isThere', 'P1: nor do they for a lease after it was noticed'],
    ['P1', 'clock.after(SETTLE_MS, () => feed.remove', 'clock.after(1, () => feed.remove', 'marks a row that made it wait'],
  ]),
  ...faults('src/view/view.ts', 'test/view/view.test.ts', [
    ['P1', 'cached.apply(change)', '', 'P1: an ending that has settled is refused by another node'],
    ['P1', 'if (reads.outdated(reading, ids) || (', 'if ((', 'P1: a read that an ending overtook'],
    ['P2', 'if (known) return metered.warm(verdict(known, false, now))', '', 'P2: asks the store once'],
    ['P3', 'const decides = signed ? knowsKeys(at) : knowsPolicy(at)', 'const decides = true', 'P3: without a lease it asks the store'],
    ['P3', 'if (lookups >= MAX_LOOKUPS)', 'if (false)', 'P3: look-ups are bounded'],
  ]),
  ...faults('src/view/activity.ts', 'test/view/activity.test.ts', [
    ['P5', 'if (at - use.storedAt >= step()) enqueue(use, now, soon)\n', 'if (false) enqueue(use, now, soon)\n', 'P5: writes a use after a step without one'],
    ['RA-03', 'pending.authenticatedAt === record.authenticatedAt', 'pending', 'a pause from before re-authentication'],
    ['P5', 'for (const use of uses) enqueue(use, 0, soon)', '', 'keeps what could not be written'],
  ]),
  ...faults('src/view/keys.ts', 'test/view/keys.test.ts', [
    ['KM-02', 'list.filter(({ kid }) => !removed.has(kid))', 'list', 'KM-02: a list that was asked for before the removal'],
    ['KM-02', 'records.filter(({ kid }) => kid !== change.kid)', 'records', 'KM-02: forgets a removed key in the step'],
    ['KM-01', 'now < known.until', 'true', 'KM-01: signs with the key whose time has come'],
    ['JW-05', 'clock.monotonic() - askedAt < ASK_AGAIN_MS', 'false', 'JW-05: unknown kids make it ask once a second'],
  ]),
  ...faults('src/view/next-read.ts', 'test/view/keys.test.ts', [
    ['P3', 'if (!reading) {', 'if (reading) return reading\n    if (!reading) {', 'P3: a node without a lease is told by a read'],
  ]),
  ...faults('src/keyring.ts', 'test/keyring.test.ts', [
    ['KM-01', 'Math.max(now, ...live.map((key) => key.createdAt + 1))', 'now', 'KM-01: the newest stays the newest'],
    ['KM-01', '?? Number.POSITIVE_INFINITY) + overlap', '?? Number.POSITIVE_INFINITY)', 'KM-01: publishes a key before it signs'],
    ['KM-02', '.filter((key) => key.removedAt === null)', '', 'KM-02: a removed key is good for nothing'],
  ]),
  ...faults('src/adapters/headers.ts', 'test/adapters/headers.test.ts', [
    ['JW-23', 'found === null ? value : found + by + value', 'found ?? value', 'JW-23: keeps both of two Authorization headers'],
    ['JW-23', '(given.charCodeAt(i) | 0x20)', 'given.charCodeAt(i)', 'JW-23 CK-07: finds what comes with every request'],
    ['JW-23', 'return false\n  return true', 'return i > 0\n  return true', 'JW-23 CK-07: finds what comes with every request'],
    ['CK-07', "cookie = joined(cookie, '; ',", "cookie = joined(cookie, ', ',", 'CK-07: joins cookie lines'],
  ]),
]
