// biome-ignore-all format: one fault a line
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: faults are program text

import { faults } from './mutant.ts'

export const NOUNS = [
  ...faults('src/duration.ts', 'test/duration.test.ts', [
    ['TO', 'm: 60_000', 'm: 600_000', '30m is 1800000 ms'],
    ['TO', 'ms <= 0', 'ms < 0', 'refuses "0s"'],
    ['TO', '!Number.isSafeInteger(ms)', 'Number.isNaN(ms)', 'refuses "0.5ms"'],
    ['TO', '/^(\\d+', '/(\\d+', 'refuses "-30m"'],
    ['TO', '.toFixed(4)', '.toString()', '8.05s is 8050 ms'],
  ]),
  ...faults('src/policy.ts', 'test/policy.test.ts', [
    ['TO-01', 'if (now < idleExpiresAt &&', 'if (now <= idleExpiresAt &&', 'TO-01, TO-08: 0 ms from the idle limit'],
    ['TO-02', '&& now < expiresAt) return null', '&& now <= expiresAt) return null', 'TO-02, TO-08: 0 ms from the absolute limit'],
    ['TO-02', 'Math.min(session.expiresAt, session.createdAt + current.absolute)', 'lastActiveAt + current.absolute', 'TO-02: activity every minute'],
    ['TO-02', 'session.createdAt + now.absolute', 'session.authenticatedAt + now.absolute', 'TO-02: authenticating again moves nothing'],
    ['TO-10', 'if (own.idle < idle) idle = own.idle', 'idle = own.idle', 'TO-10: the strictest role wins'],
    ['TO-10', 'if (own.absolute < absolute)', 'if (own.absolute > absolute)', 'TO-10: the strictest of a user’s roles'],
    ['TO-10', 'lastActiveAt + Math.min(current.idle, session.idleTimeout)', 'lastActiveAt + session.idleTimeout', 'TO-10: a session that is open already'],
    ['P5', 'Math.min(current.idle, session.idleTimeout)', 'current.idle', 'TO-10: a lengthened policy'],
    ['TO-07', 'Math.min(now.idle, session.idleTimeout)', 'now.idle', 'TO-07: what is announced is what holds'],
    ['TO-10', '`${candidate.path}/`', 'candidate.path', 'TO-10: "/billings" is in null'],
    ['TO-10', 'candidate.path.length > found.path.length', 'candidate.path.length < found.path.length', 'TO-10: "/billing/cards" is in'],
    ['TO-03', 'if (preset?.secondFactor)', 'if (false)', 'TO-03: {"preset":"aal2"} does not start'],
    ['TO-03', 'chosen.absolute > preset.absolute', 'false', 'does not start'],
    ['TO-03', '[standard, remember]', '[standard]', '"remember":{"idle":"30d","absolute":"90d"}} does not start'],
    ['TO-07', '- policy.warn', '', 'TO-07: comes its lead'],
    ['AZ-01', '!knownRoles.includes(role)', 'false', 'AZ-01: a role nobody can have'],
    ['P2', 'tightest / 10', 'tightest', 'a tenth of the tightest idle limit'],
  ]),
  ...faults('src/presets.ts', 'test/policy.test.ts', [
    ['TO-03', 'absolute: 12 * HOUR', 'absolute: 24 * HOUR', 'TO-03: are the limits'],
  ]),
  ...faults('src/guard.ts', 'test/guard.test.ts', [
    ['AZ-01', 'names.length === 0', 'false', 'AZ-01: a rule that names no role'],
    ['AZ-01', 'if (unknown !== undefined)', 'if (false)', 'AZ-01: a role outside the catalogue'],
    ['AZ-01', 'names.some((name) => who.user', 'names.every((name) => who.user', 'AZ-01: lets in exactly those'],
    ['RA-01', 'authenticatedAt < ms', 'authenticatedAt <= ms', 'RA-01, RA-02: 0 ms'],
    ['RA-04', 'now - who.session.authenticatedAt < ms', 'now - who.session.lastActiveAt < ms', 'RA-04: being active'],
    ['RA-02', 'maxAge: Math.floor(ms / 1000)', 'maxAge: ms', 'RA-01, RA-02: 0 ms'],
    ['TO-10', 'pause >= rule.idle', 'pause > rule.idle', 'TO-10: 0 ms from its idle limit'],
    ['TO-10', 'Math.max(who.session.longestIdle, ', 'Math.max(0, ', 'TO-10: a pause that is over still counts'],
    ['RA-02', '>= rule.reauthenticate', '> rule.reauthenticate', 'RA-02: 0 ms from its age'],
    ['AZ', 'if (refusal) return refusal', 'if (refusal) return null', 'answers with the first refusal'],
  ]),
  ...faults('src/throttle-state.ts', 'test/throttle-state.test.ts', [
    ['TH-02', 'now < state.blockedUntil', 'now <= state.blockedUntil', 'TH-02: 0 ms from the end of its delay'],
    ['TH-02', 'Math.min(beyond, 30)', '0', 'TH-02: five failures are free'],
    ['TH-02', 'Math.min(rule.cap, ', 'Math.max(0, ', 'stays at its cap'],
    ['TH-02', 'beyond < 0', 'beyond <= 0', 'TH-02: five failures are free'],
    ['TH-06', 'state.failures + state.pending < rule.free', 'state.failures < rule.free', 'TH-06: of 50'],
    ['TH-06', 'slowed ? state.pending === 0', 'slowed ? true', 'TH-06: beyond the free ones'],
    ['TH-06', 'stored.pending > 0 && now >=', 'false && now >=', 'TH-06: an attempt nobody resolved'],
    ['TH-06', 'stored.pending, rule, stored.pendingAt', '1, rule, stored.pendingAt', 'TH-06: attempts nobody resolved are not lost'],
    ['TH-04', "if (outcome === 'passed') return { ...state, pending }", "if (outcome === 'passed') return { ...state, failures: 0, pending }", 'TH-04: that clears nothing'],
    ['TH-04', 'failures: 0, blockedUntil: 0, pending', 'pending', 'TH-04: clears the failures'],
    ['TH-05', 'now >= stored.forgetAt', 'now > stored.forgetAt', 'TH-05: 0 ms from the end of the window'],
    ['TH-05', 'state.failures === 0 ? now + rule.window : state.forgetAt', 'now + rule.window', 'TH-05: 0 ms from the end of the window'],
  ]),
  ...faults('src/session.ts', 'test/session.test.ts', [
    ['TO-06', 'Math.min(session.lastActiveAt', 'Math.max(session.lastActiveAt', 'TO-06: the record itself'],
  ]),
]
