import { faults, type Mutant } from './mutant.ts'

const TEST = 'test/verify/verifier.test.ts'
const ASKED = 'test/verify/asked.test.ts'
const KEPT = 'test/verify/kept.test.ts'
const KEYS = 'test/verify/keys.test.ts'
const SERVER = 'test/verify/server.test.ts'
const USES = 'test/verify/uses.test.ts'

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
  ...faults('src/verify/callers.ts', KEPT, [
    [
      'P1',
      '        default:\n          // Another policy may end what is kept sooner (decision 26); what a newer server tells of may be anything.\n          dropAll()',
      '        default:',
      'P1 TO-10: a shorter policy is true here too when it has returned (session)',
    ],
    ['P1', '        default:', "        case 'policy':", 'what a newer server tells of, and this one does not know'],
  ]),
  ...faults('src/verify/verifier.ts', KEPT, [
    ['KM-02', ' && keys.stands(kid)', '', 'KM-02: what a removed key has signed is not good beside the next token'],
  ]),
  ...faults('src/verify/verifier.ts', ASKED, [
    [
      'TP-11',
      "parseCompact(asked.token, TYP)?.alg === 'HS256'",
      'false',
      'TP-11: tokens signed by a secret are asked about beside keys of before',
    ],
    [
      'TP-11',
      "if (token.split('.').length === 5) return question(asked, null, null)",
      '',
      'tokens that only the server can read: encrypted',
    ],
    ['P1', 'sid !== null && told.sessionId !== sid', 'false', 'takes the word of a session for no other'],
    [
      'P3',
      'if (status !== 200) throw',
      'if (false) throw',
      'P3: a service that the server knows no more lets nobody in',
    ],
  ]),
  ...faults('src/verify/caller.ts', ASKED, [
    ['JW-13', ' || told.iss !== issuer', '', 'JW-13: is of another issuer'],
    ['JW-12', 'if (![told.aud].flat().includes(audience)) return null', '', 'JW-12: is for others'],
    ['TP-11', " || told.token_type !== 'Bearer'", '', 'TP-11: is for refreshing only'],
  ]),
  ...faults('src/verify/server.ts', SERVER, [
    ['KM-06', "redirect: 'error'", "redirect: 'follow'", 'KM-06: is never a redirect that is followed (307)'],
    [
      'KM-06',
      "if (size > most) throw new Error('the answer is too large')",
      '',
      'KM-06: is measured as it is read, not as it was sent',
    ],
    [
      'KM-06',
      'signal: signal ? AbortSignal.any([signal, late]) : late,',
      'signal: signal ?? null,',
      'KM-06: is waited for no longer than that when it does not go on',
    ],
  ]),
  ...faults('src/verify/uses.ts', USES, [
    ['P5', '.slice(0, MOST)', '', 'P5: are told a thousand at a time'],
    [
      'P5',
      'if (!waiting.has(sid) && waiting.size < MOST_KEPT) waiting.set(sid, use)',
      '{}',
      'P5: that the server does not answer are told later',
    ],
    ['P5', 'last === undefined && waiting.size >= MOST_KEPT', 'false', 'are bounded, also while the server is gone'],
    ['P5', 'await flush()\n    },', '},', 'are told before the service ends'],
  ]),
  ...faults('src/verify/keys.ts', KEYS, [
    ['KM-06', 'clock.monotonic() - askedAt < STALE_MS', 'true', 'KM-06: is good for an hour without the server'],
    [
      'KM-06',
      'now - askedAt >= RENEW_MS && now - triedAt',
      'false && now - triedAt',
      'KM-06: is renewed behind a request after five minutes',
    ],
    ['P3', ' || triedAt > askedAt', '', 'P3: says of no kid that it is nobody’s while the server does not answer'],
    ['KM-06', 'list.length > MOST_KEYS', 'false', 'is none when it has more than a hundred'],
    [
      'P3',
      'if (changed && known(kid) === null) refresh().catch(() => {})',
      '',
      'P3 KM-02: is asked for once more, and at once',
    ],
    ['P3', 'refresh().catch(() => {})\n    await loading', 'await refresh()', 'P3 KM-02: also when it told of it'],
    ['KM-02', 'return removed.has(kid) || !isFresh()', 'return !isFresh()', 'KM-02: brings no removed key back'],
  ]),
  ...faults('src/verify/verifier.ts', TEST, [
    ['P3', 'if (!feeds.leased()) {', 'if (false) {', 'P3: cut off it decides until its lease is over'],
    ['KM-02', 'if (keys.wasRemoved(kid)) return MALFORMED', '', 'KM-02: takes no token of a key that was removed'],
  ]),
  ...faults('src/verify/keys.ts', TEST, [
    ['KM-06', 'keys === null || now - triedAt >= ASK_AGAIN_MS', 'true', 'KM-06: asks once for the keys'],
    ['KM-05', 'new Set(kids).size !== kids.length', 'false', 'KM-05: takes no key set in which a kid is there twice'],
  ]),
  ...faults('src/verify/feed.ts', TEST, [
    [
      'P3',
      'listen(wake, signal).catch(() => clock.after(PAUSE_MS, again))',
      'void listen(wake, signal)',
      'goes on: no feeds',
    ],
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
