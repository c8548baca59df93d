import { faults, type Mutant } from './mutant.ts'

const TEST = 'test/verify/verifier.test.ts'

/** Faults in what services decide by themselves. */
export const VERIFY: readonly Mutant[] = [
  ...faults('src/verify/callers.ts', TEST, [
    [
      'P1',
      'ids.every((id) => since(changed.get(id)))',
      'true',
      'P1: what a server says that has not heard of a change yet is not kept',
    ],
    ['P1', 'since(allChanged) && ids', 'ids', 'P1: nor what a server says just after this service began'],
    [
      'P1',
      'for (const sid of [...(ofUser.get(change.user) ?? [])]) drop(sid)',
      '',
      'P1: a lock is true here when it has returned',
    ],
    [
      'P1',
      "case 'everyone':\n          dropAll()",
      "case 'everyone':",
      'P1: everyone at once is true here when it has returned',
    ],
  ]),
  ...faults('src/verify/verifier.ts', TEST, [
    ['P3', 'if (!feeds.leased()) {', 'if (false) {', 'P3: cut off it decides until its lease is over'],
    ['KM-02', 'if (keys.wasRemoved(kid)) return MALFORMED', '', 'KM-02: takes no token of a key that was removed'],
  ]),
  ...faults('src/verify/keys.ts', TEST, [
    [
      'KM-06',
      'keys !== null && now - triedAt < ASK_AGAIN_MS) return',
      'false) return',
      'KM-06: asks once for the keys',
    ],
    ['KM-05', 'new Set(kids).size !== kids.length', 'false', 'KM-05: takes no key set in which a kid is there twice'],
  ]),
  ...faults('src/verify/presented.ts', TEST, [
    [
      'CS-11',
      'if (authorization !== null && authorization !== undefined) {',
      'if (authorization && !cookies.length) {',
      'CS-11: an Authorization header alone counts',
    ],
  ]),
]
