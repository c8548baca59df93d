// biome-ignore-all format: one fault a line

import { faults } from './mutant.ts'

export const FLOWS = [
  ...faults('src/flows/endings.ts', 'test/flows/endings.test.ts', [
    ['P1', 'const { value, position } = await sessions.end(id, reason, now)\n  await core.view.settle(sessions.source, position)', 'const { value } = await sessions.end(id, reason, now)', 'P1 TE-01: sign-out on one node'],
    ['P1', 'await core.view.settle(users.source, position)\n', '\n', 'P1 TE-07: a lock ends everything'],
  ]),
  ...faults('src/flows/judge.ts', 'test/flows/endings.test.ts', [
    ['P7', 'known.session.generation !== user.generation', 'false', 'P7 SL-08: a sign-in that raced'],
    ['TE-08', 'known.session.everyone < known.everyone', 'false', 'TE-08: signing everyone out'],
    ['SL-01', "if (!current) return { kind: 'refused'", "if (false) return { kind: 'refused'", 'TE-06 SL-01: a password change'],
  ]),
  ...faults('src/flows/sign-out.ts', 'test/flows/endings.test.ts', [
    ['TE-04', "return { ended: false, cookies }", "return { ended: false, cookies: [] }", 'TE-04: signing out twice'],
  ]),
  ...faults('src/flows/issue.ts', 'test/flows/lifetimes.test.ts', [
    ['TO-02', 'expiresAt: now + absolute', 'expiresAt: now + 10 * absolute', 'TO-06'],
    ['SL-04', 'core.sessionLimit, now)', 'null, now)', 'SL-04: never more open sessions'],
  ]),
  ...faults('src/flows/authenticate.ts', 'test/flows/lifetimes.test.ts', [
    ['TO-07', 'if (!context.passive) core.view.use', 'core.view.use', 'TO-07: reading passively'],
  ]),
]
