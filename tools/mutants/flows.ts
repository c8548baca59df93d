// biome-ignore-all format: one fault a line

import { faults } from './mutant.ts'

export const FLOWS = [
  ...faults('src/flows/endings.ts', 'test/flows/settling.test.ts', [
    ['P1', 'const { value, position } = await sessions.end(id, reason, now)\n  await core.view.settle(sessions.source, position)', 'const { value } = await sessions.end(id, reason, now)', 'P1 TE-01: signOut'],
  ]),
  ...faults('src/flows/accounts.ts', 'test/flows/settling.test.ts', [
    ['P1', "users.setStatus(id, 'locked')\n  await core.view.settle(users.source, position)", "users.setStatus(id, 'locked')", 'P1 TE-01: lock'],
    ['P1', 'users.setRoles(id, wanted)\n  await core.view.settle(users.source, position)', 'users.setRoles(id, wanted)', 'P1 AZ-02: setRoles'],
    ['P1', 'users.endEveryone()\n  await core.view.settle(users.source, position)', 'users.endEveryone()', 'P1 TE-01: endEveryone'],
  ]),
  ...faults('src/flows/sign-out.ts', 'test/flows/settling.test.ts', [
    ['P1', 'await core.view.settle(source, await source.feed.tail())', '', 'P1 TE-04: signOut with a token that nobody ever had'],
  ]),
  ...faults('src/flows/issue.ts', 'test/flows/settling.test.ts', [
    ['P1', 'await core.view.settle(core.store.sessions.source, started.position)', '', 'P1 SL-04: signIn'],
  ]),
  ...faults('src/flows/judge.ts', 'test/flows/settling.test.ts', [
    ['P7', 'known.session.generation !== user.generation', 'false', 'P7 SL-08: endAll'],
    ['P7', 'known.session.everyone < known.everyone', 'false', 'P7 SL-08: endEveryone'],
  ]),
  ...faults('src/flows/judge.ts', 'test/flows/endings.test.ts', [
    ['SL-01', "if (!current) return { kind: 'refused'", "if (false) return { kind: 'refused'", 'TE-06 SL-01: a password change'],
  ]),
  ...faults('src/flows/sign-out.ts', 'test/flows/endings.test.ts', [
    ['TE-04', "return { ended: false, cookies }", "return { ended: false, cookies: [] }", 'TE-04: signing out twice'],
  ]),
  ...faults('src/flows/issue.ts', 'test/flows/opening.test.ts', [
    ['TO-02', 'expiresAt: now + absolute', 'expiresAt: now + 10 * absolute', 'TO-02 TO-06: a session is opened'],
  ]),
  ...faults('src/flows/issue.ts', 'test/flows/lifetimes.test.ts', [
    ['SL-04', 'core.sessionLimit, now)', 'null, now)', 'SL-04: never more open sessions'],
  ]),
  ...faults('src/flows/authenticate.ts', 'test/flows/lifetimes.test.ts', [
    ['TO-07', 'if (!context.passive) core.view.use', 'core.view.use', 'TO-07: reading passively'],
  ]),
]
