import type { Kind, Plan } from './plan.ts'

/** A fault of the protocol: what stands in a file of `src/` exactly once, and what it is replaced with. */
export type PlantedBug = {
  readonly name: string
  /** What it shows in. Everything, where it says nothing. */
  readonly strategy?: Plan['strategy']
  readonly kind?: Kind
  readonly edits: readonly (readonly [file: string, find: string, replace: string])[]
}

/** Those that the protocol was designed around. */
const OF_THE_DESIGN: readonly PlantedBug[] = [
  {
    name: 'a lease counted from the answer instead of the question',
    edits: [['view/follower.ts', 'lease = leaseFrom(asked)', 'lease = leaseFrom(moment(clock))']],
  },
  {
    name: 'a page taken as complete',
    edits: [['view/follower.ts', "answer.complete && answer.standing === 'good'", "answer.standing === 'good'"]],
  },
  {
    name: 'a lease on a marked row',
    edits: [['view/follower.ts', "answer.complete && answer.standing === 'good'", 'answer.complete']],
  },
  {
    name: 'a row deleted in one step',
    edits: [['view/settle.ts', 'clock.after(SETTLE_MS, () => feed.remove', 'clock.after(0, () => feed.remove']],
  },
  {
    name: 'acknowledged before applied',
    edits: [
      [
        'view/follower.ts',
        '    for (const entry of answer.entries) take(entry)\n',
        `    const last = answer.entries.at(-1)
    if (last && answer.standing === 'good') await within(clock, LEASE_MS, feed.acknowledge(row as string, last.at))
    for (const entry of answer.entries) take(entry)\n`,
      ],
    ],
  },
  {
    name: 'a read cached across an ending',
    edits: [['view/view.ts', 'if (reads.outdated(reading, ids) || (', 'if ((']],
  },
  {
    name: 'a look-up that joins an earlier read',
    edits: [
      ['view/view.ts', "typeof subject === 'string' ? recorded(subject) : claimed(subject),", 'joining(subject),'],
      [
        'view/view.ts',
        '  let begun = false\n',
        `  let begun = false
  const joined = new Map<string, Promise<any>>()
  function joining(subject: any): Promise<any> {
    const id = subject.id ?? subject
    const read = joined.get(id) ?? (subject.id ? claimed(subject) : recorded(subject)).finally(() => joined.delete(id))
    joined.set(id, read)
    return read
  }\n`,
      ],
    ],
  },
  {
    name: 'a retried ending that answers early',
    edits: [
      ['flows/endings.ts', '    await core.view.settle(ended)\n', '    if (value) await core.view.settle(ended)\n'],
    ],
  },
  {
    name: 'a sign-in that survives the reset it raced',
    edits: [
      [
        'flows/sign-in.ts',
        "    user,\n    everyone,\n    amr: ['pwd'],",
        "    user: (await core.store.users.find(user.id)).user ?? user,\n    everyone,\n    amr: ['pwd'],",
      ],
    ],
  },
  {
    name: 'the monotonic clock only',
    edits: [['view/lease.ts', ' && at.wall < lease.wall', '']],
  },
  {
    name: 'denials by time',
    edits: [
      [
        'view/cache.ts',
        'if (entry && entry.session.endedAt === null) {',
        'if (entry && entry.session.endedAt === null && entry.session.createdAt <= change.at) {',
      ],
    ],
  },
]

/** Others, of which some were found by the simulation and some would be as bad. */
const BESIDES: readonly PlantedBug[] = [
  {
    name: 'the wall clock only',
    edits: [['view/lease.ts', 'at.monotonic < lease.monotonic && ', '']],
  },
  {
    name: 'an ending that waits half of a lease',
    edits: [['view/settle.ts', 'const deadline = begun + SETTLE_MS', 'const deadline = begun + SETTLE_MS / 2']],
  },
  {
    name: 'an ending that does not wait for the node it was asked of',
    edits: [['view/settle.ts', '  if (own) await own.applied(at, SETTLE_MS)\n', '']],
  },
  {
    name: 'rows that cannot be read taken for none',
    edits: [['view/settle.ts', 'feed.rows()).catch(() => null)', 'feed.rows()).catch(() => [])']],
  },
  {
    name: 'an answer of the store that counts however old it is',
    strategy: 'session',
    edits: [['view/view.ts', 'if (!holds(leaseFrom(asked), at)) {', 'if (false) {']],
  },
  {
    name: 'an entry that is told of and taken though others lie between',
    edits: [
      [
        'view/follower.ts',
        'row !== null && entry?.at === position.at + 1 && entry.follows === position.id',
        'row !== null && entry && entry.at > position.at',
      ],
    ],
  },
  {
    name: 'an entry that is told of and acknowledged before it is applied',
    edits: [
      [
        'view/follower.ts',
        '      take(entry)\n      arrived()\n      acknowledgeAll().catch(wake)\n',
        `      const had = position
      position = { at: entry.at, id: entry.id }
      acknowledgeAll().then(() => {
        if (position.id !== entry.id) return
        position = had
        take(entry)
        arrived()
      }, wake)\n`,
      ],
    ],
  },
  {
    name: 'an entry that is told of and renews the lease',
    edits: [
      [
        'view/follower.ts',
        '      take(entry)\n      arrived()\n',
        '      take(entry)\n      lease = leaseFrom(moment(clock))\n      arrived()\n',
      ],
    ],
  },
  {
    name: 'a registration that forgets nothing',
    kind: 'lost data',
    edits: [['view/follower.ts', '      lease = NO_LEASE\n      reset()\n', '      lease = NO_LEASE\n']],
  },
  {
    name: 'keys that were removed and are asked for no more',
    strategy: 'hybrid',
    edits: [
      ['view/view.ts', 'const asksKeys = signed && !knowsKeys(asked)', 'const asksKeys = false'],
      ['view/view.ts', ' || (signed && !asksKeys && !knowsKeys(at))', ''],
    ],
  },
  {
    name: 'a policy that nodes hear of when it suits them',
    strategy: 'session',
    edits: [['flows/policy.ts', '  await core.view.settle(placeOf(settings.source, where))\n', '']],
  },
  {
    name: 'a policy that is in the feed and that nobody takes from there',
    strategy: 'jwt',
    edits: [['view/view.ts', '    policy?.apply(change)\n', '']],
  },
  {
    name: 'a policy that is asked for at the start alone',
    strategy: 'session',
    edits: [
      ['view/view.ts', 'const asksPolicy = !knowsPolicy(asked)', 'const asksPolicy = !(policy?.loaded() ?? true)'],
      ['view/view.ts', '          if (!asksPolicy && !knowsPolicy(at)) continue\n', ''],
    ],
  },
  {
    name: 'a policy that outlives the loss of what it was read from',
    kind: 'lost data',
    strategy: 'jwt',
    edits: [['view/view.ts', '    policy?.reset()\n', '']],
  },
  {
    name: 'a password change that outlives the end of all',
    strategy: 'jwt',
    edits: [
      ['flows/password.ts', '  if (first.generation !== session.generation + 1) return refused(OVERTAKEN)\n', ''],
      ['flows/password.ts', 'generation !== first.generation + 1', 'false'],
    ],
  },
  {
    name: 'a lock in memory that is the last word',
    strategy: 'jwt',
    edits: [['flows/judge.ts', "fromStore ? no('user_locked', session) : ASK", "no('user_locked', session)"]],
  },
  {
    name: 'rows that are never retired',
    edits: [['view/settle.ts', 'if (behind.length > 0) retire(feed, behind, clock)', '']],
  },
  {
    name: 'a beginning that failed and is never tried again',
    edits: [['view/view.ts', '          starting = null\n', '']],
  },
  {
    name: 'a feed whose loss of data is not noticed',
    kind: 'lost data',
    edits: [
      ['view/follower.ts', 'if (answer.lost || answer.epoch !== epoch) {', 'if (false) {'],
      ['view/follower.ts', 'if (from !== null && registered.epoch !== epoch) {', 'if (false) {'],
    ],
  },
  {
    name: 'tokens of another epoch',
    kind: 'lost data',
    strategy: 'jwt',
    edits: [['flows/judge.ts', "  if (claims.epoch !== epoch) return no('session_revoked', session)\n", '']],
  },
]

export const PLANTED_BUGS: readonly PlantedBug[] = [...OF_THE_DESIGN, ...BESIDES]
