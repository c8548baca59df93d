import { faults, type Mutant } from './mutant.ts'

/** Signed tokens: how they are judged, refreshed, denied and carried. */
export const STRATEGIES: readonly Mutant[] = [
  ...faults('src/flows/judge.ts', 'test/http/strategies.test.ts', [
    ['AZ-02', 'claims.version !== user.version && !renewing', 'false', 'AZ-02: a demotion is true at once'],
    ['P4', "timeliness(claims, now, { leeway, ahead: CLOCKS_MS }) !== 'good' ||", '', 'P4: refreshes by cookie'],
    ['TO-04', 'if (over !== null) return no(over, session)', '', 'TO-04: renewing answers the next token'],
  ]),
  ...faults('src/flows/judge.ts', 'test/flows/keys.test.ts', [
    ['KM-02', 'return stands(kid, now) && timeliness', 'return timeliness', 'KM-02: a removed key opens nothing'],
  ]),
  ...faults('src/flows/others.ts', 'test/http/strategies.test.ts', [
    ['P1', 'if (core.denialLife === null) {', 'if (true) {', 'ends the others, and this one goes on'],
  ]),
  ...faults('src/flows/endings.ts', 'test/http/strategies.test.ts', [
    [
      'P1',
      'const { place, sid } = await denyNewest(core, id, reason, now)\n  await core.view.settle(ended, place)',
      'const sid = id',
      'an administrator ends a session by its id',
    ],
  ]),
  ...faults('src/strategies/hybrid.ts', 'test/http/strategies.test.ts', [
    [
      'RT-10',
      "narrowCookie('rt', baseUrl, basePath, cookies)",
      "protectedCookie('rt', baseUrl, cookies)",
      'RT-10, CK-01: sets the access token',
    ],
    [
      'TE-04',
      'byAccess?.ok ? byAccess : (inCookie(carrier) ?? byAccess)',
      'byAccess',
      'TE-04: signs out by an access token',
    ],
  ]),
  ...faults('src/strategies/hybrid.ts', 'test/http/strategies.test.ts', [
    [
      'CS-11',
      "typeof carrier.get('authorization') === 'string' ? null : inCookie(carrier)",
      'inCookie(carrier)',
      'CS-11: beside an Authorization header',
    ],
  ]),
  ...faults('src/strategies/jwt.ts', 'test/view/denials.test.ts', [
    [
      'P1',
      'Math.min(life, claims.expiresAt - claims.issuedAt)',
      'claims.expiresAt - claims.issuedAt',
      'P1: is over no later than tokens of now',
    ],
  ]),
  ...faults('src/view/denials.ts', 'test/view/denials.test.ts', [
    [
      'P1',
      'complete = cursor === null && !overflowed',
      'complete = cursor === null',
      'P1: say so too when the one too many is on the last page',
    ],
  ]),
  ...faults('src/http/continue.ts', 'test/http/strategies.test.ts', [
    [
      'CS-06',
      "if (mode !== 'navigate' || dest !== 'document') return false",
      '',
      'CS-06, SL-07: does nothing in a frame',
    ],
    [
      'CS-06',
      "return proofOfOrigin({ secFetchSite, origin, referer }, origins) === 'own'",
      'return true',
      'CS-06, SL-07: does nothing from another site',
    ],
    [
      'CS-10',
      "returnTarget(query.return, origins) ?? '/'",
      "query.return ?? '/'",
      'CS-10: follows no target elsewhere',
    ],
  ]),
  ...faults('src/http/proof.ts', 'test/http/strategies.test.ts', [
    [
      'CS-01',
      "if (route.credential === 'refreshed' && !headers.has('cookie')) return ok(null)",
      "if (route.credential === 'refreshed') return ok(null)",
      'CS-01: refreshing by cookie',
    ],
  ]),
  ...faults('src/flows/others.ts', 'test/flows/settling.test.ts', [
    [
      'P1',
      'await core.view.settle(placeOf(users.source, raised), ...places, ...marked.places)',
      '',
      'endOthers, by jwt',
    ],
  ]),
  ...faults('src/view/denials.ts', 'test/view/denials.test.ts', [
    ['P1', 'if (mine !== loading) return', '', 'P1: are not what an older reading says'],
    ['P3', 'complete = false\n      overflowed = true', 'overflowed = true', 'P3: say that they are not complete'],
    ['P1', 'for (const sid of change.sessions) add', 'for (const sid of []) add', 'P1: take in what is denied while'],
  ]),
  ...faults('src/view/view.ts', 'test/view/denials.test.ts', [
    [
      'P2',
      '(cached.get(subject.id) ?? claimedHere(subject))',
      'cached.get(subject.id)',
      'P2: is decided without I/O by a node',
    ],
    ['P1', 'denied.apply(change)', '', 'P2: is decided without I/O by a node'],
  ]),
]
