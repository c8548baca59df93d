import { faults, type Mutant } from './mutant.ts'

/** What administrators do. */
export const ADMINISTRATION: readonly Mutant[] = [
  ...faults('src/flows/policy.ts', 'test/flows/settling.test.ts', [
    ['P1', '  await core.view.settle(placeOf(settings.source, where))\n', '', 'P1 TO-10: policy.change, by session'],
  ]),
  ...faults('src/view/policy.ts', 'test/flows/policy.test.ts', [
    ['P5', '    onChange()\n', '', 'P5: uses that wait for a long step'],
    [
      'P3',
      "throw new StoreUnavailable('the stored policy",
      "throw new Error('the stored policy",
      'P3: answers 503 while what another node stored',
    ],
  ]),
  ...faults('src/view/policy.ts', 'test/view/policy.test.ts', [
    ['P1', 'if (before === heard || version <', 'if (version <', 'P1: goes back to what a database says'],
    [
      'P1',
      'if (before === heard || version <',
      'if (true || version <',
      'P1 TO-10: a read that a change has overtaken',
    ],
    ['P1', '      if (asked !== era) continue\n', '', 'P1: what was asked for before a reset'],
    ['P1', 'if (change.version > version) take', 'take', 'an entry of the feed from before'],
  ]),
  ...faults('src/view/view.ts', 'test/flows/policy.test.ts', [
    [
      'P3',
      'const asksPolicy = !knowsPolicy(asked)',
      'const asksPolicy = false',
      'P3: asks for the policy with each request',
    ],
  ]),
  ...faults('src/flows/others.ts', 'test/http/admin-everyone.test.ts', [
    ['TE-08', 'raised.value !== session.everyone + 1', 'false', 'P7: of two administrators at once'],
  ]),
  ...faults('src/http/listed.ts', 'test/http/admin-csv.test.ts', [
    [
      'TE-01',
      'const allowed = await stillAllowed(auth, carrier, context)',
      'const allowed = ok(null)',
      'TE-01: breaks off when the right to it is over',
    ],
  ]),
  ...faults('src/http/admin-sessions.ts', 'test/http/admin-ending.test.ts', [
    ['TE-02', 'if (ids.length !== expect) {', 'if (false) {', 'ends nothing when they are more or fewer'],
  ]),
  ...faults('src/flows/throttles.ts', 'test/http/admin-throttles.test.ts', [
    ['TH-02', '  await core.store.counters.remove(name)\n', '', 'TH-02: names who is slowed'],
  ]),
]
