// biome-ignore-all format: one fault a line
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: faults are program text

import { faults } from './mutant.ts'

export const FLOWS = [
  ...faults('src/flows/endings.ts', 'test/flows/settling.test.ts', [
    ['P1', 'await core.view.settle(ended)\n', 'void ended\n', 'P1 TE-01 TE-02: signOut, by session'],
  ]),
  ...faults('src/flows/endings.ts', 'test/flows/settling.test.ts', [
    ['P1', 'await core.view.settle(placeOf(core.store.users.source, changed), ...marked.places)', '', 'P1 TE-01 TE-02: lock, by session'],
  ]),
  ...faults('src/flows/accounts.ts', 'test/flows/settling.test.ts', [
    ['P1', 'users.setRoles(id, wanted)\n  await core.view.settle(placeOf(users.source, where))', 'users.setRoles(id, wanted)', 'P1 AZ-02: setRoles'],
    ['P1', 'users.endEveryone()\n  await core.view.settle(placeOf(users.source, where))', 'users.endEveryone()', 'P1 TE-01 TE-02: endEveryone, by session'],
  ]),
  ...faults('src/flows/sign-out.ts', 'test/flows/settling.test.ts', [
    ['P1', 'await core.view.settle(...(await Promise.all(tails)).flat())', '', 'P1 TE-04: signOut with a token that nobody ever had'],
  ]),
  ...faults('src/flows/issue.ts', 'test/flows/settling.test.ts', [
    ['P1', 'await core.view.settle(placeOf(core.store.sessions.source, started))', '', 'P1 SL-04: signIn'],
  ]),
  ...faults('src/flows/judge.ts', 'test/flows/settling.test.ts', [
    ['P7', 'own.generation !== user.generation', 'false', 'P7 SL-08: endAll'],
    ['P7', 'own.everyone < known.everyone', 'false', 'P7 SL-08: endEveryone'],
  ]),
  ...faults('src/flows/judge.ts', 'test/flows/endings.test.ts', [
    ['SL-01', "if (standing === 'stale') return no('token_stale', session)", '', 'TE-06 SL-01: a password change'],
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
  ...faults('src/flows/sign-in.ts', 'test/flows/sign-in.test.ts', [
    ['TH-01', 'if (user && failures >= core.attempts.disableAfter', 'if (user && false', 'TH-01: a hundred failures in a row'],
    ['TH-08', "if (!user || user.status === 'locked' || !value", 'if (!user || !value', 'TH-08: unknown address'],
    ['TH-11', 'if (risky) {', 'if (false) {', 'TH-11: a sign-in after several failures'],
    ['SL-02', 'if (carrier !== null) await replaced(core, carrier, context)', '', 'SL-01 SL-02: a new token at every sign-in'],
    ['PW-10', 'if (user.passwordChangeRequired)', 'if (false)', 'PW-10: a required change'],
  ]),
  ...faults('src/flows/attempts.ts', 'test/flows/sign-in.test.ts', [
    ['TH-05', 'sourceName === null ? GO : reserve(sourceName, source)', 'GO', 'TH-05: one source trying many accounts'],
    ['TH-06', 'reserve(accountName, account),', 'GO,', 'TH-06: fifty simultaneous guesses'],
  ]),
  ...faults('src/flows/attempts.ts', 'test/flows/attempts.test.ts', [
    ['LG-03', '`account:${mac(key, email)}`', '`account:${email}`', 'LG-03: what is typed as an address'],
  ]),
  ...faults('src/strategies/session.ts', 'test/flows/tokens.test.ts', [
    ['CS-11', 'if (authorization !== null && authorization !== undefined) return byBearer(authorization)', 'if (authorization) { const one = byBearer(authorization); if (one?.ok) return one }', 'CS-11: a bad Authorization header'],
    ['CK-07', "found === 'many' ? DOUBLED :", "found === 'many' ? null :", 'CK-07: the cookie twice'],
  ]),
  ...faults('src/recent.ts', 'test/recent.test.ts', [
    ['CK-07', 'JSON.parse(JSON.stringify(text)) as string', 'text', 'keeps nothing of the larger text that one was cut out of'],
  ]),
  ...faults('src/flows/csrf.ts', 'test/flows/tokens.test.ts', [
    ['CS-04', 'equal(mac(key, sid), token)', 'token.length === 43', 'CS-04: a CSRF token fits its own session'],
  ]),
  ...faults('src/flows/guesses.ts', 'test/flows/tokens.test.ts', [
    ['SI-07', 'count ?? 0) >= LIMIT', 'count ?? 0) >= Infinity', 'SI-07: a burst of unknown tokens'],
  ]),
  ...faults('src/flows/recorder.ts', 'test/flows/tokens.test.ts', [
    ['LG-03', 'session: sid ? sessionReference(key, sid) : null', 'session: sid ?? null', 'LG-03 KM-08: no secret in any event'],
  ]),
  ...faults('src/flows/recorder.ts', 'test/flows/events.test.ts', [
    ['LG-04', 'return value === null || value === undefined ? null : safeText(value, 200)', 'return value ?? null', 'LG-04: hostile text'],
    ['LG-07', 'waiting = [...batch, ...waiting]', 'waiting = [...waiting]', 'LG-07: a listener that throws'],
    ['LG-05', 'append()\n      tell(event)', 'append()\n      tell(event)\n      tell(event)', 'LG-01 LG-05: each step of a life'],
    ['LG-07', 'if (last && at - last.at < TELL_MS) {', 'if (last) {', 'LG-07: a fault that every request meets'],
    ['LG-07', 'last.more += 1\n        return', 'last.more += 1', 'LG-07: a fault that every request meets'],
  ]),
  ...faults('src/wire/text.ts', 'test/wire/text.test.ts', [
    ['LG-04', ".replace(UNSAFE, '')", '', 'LG-04'],
  ]),
  ...faults('src/rotation.ts', 'test/refresh/model.test.ts', [
    ['RT-04', 'now - record.rotatedAt > GRACE_MS', 'true', 'signs their owner out (memory)'],
    ['P4', 'record.seenAt === null || now - record.seenAt <= GRACE_MS', 'record.seenAt === null', 'signs their owner out (memory)'],
    ['P4', 'record.seenAt === null || now - record.seenAt <= GRACE_MS', 'record.seenAt !== null && now - record.seenAt <= GRACE_MS', 'signs their owner out (memory)'],
    ['RT-02', 'counter === record.counter - 1 && awaited', 'counter >= record.counter - 2 && awaited', 'both are out (memory)'],
    ['RT-02', 'counter === record.counter - 1 && awaited', 'counter === record.counter - 1', 'both are out (memory)'],
  ]),
  ...faults('src/flows/refresh.ts', 'test/refresh/model.test.ts', [
    ['RT-02', "await endOne(core, sid, 'token_reused', context, 'system')", 'null', 'both are out (memory)'],
    ['P4', 'handOut(strategy, record, via, who, now, false)', 'handOut(strategy, record, via, who, now)', 'signs their owner out (memory)'],
    ['P4', 'const handed = await sessions.advance(sid, record.digest, record.counter, record.counter, now)', 'const handed = record', 'signs their owner out (memory)'],
    ['RT-03', 'if (!next) return null\n      core.refreshes', 'if (!next) return handOut(strategy, { ...record, counter: counter + 2 }, via, who, now)\n      core.refreshes', 'signs their owner out (memory)'],
    ['RT-01', 'record.digest, counter, counter + 1, now', 'record.digest, counter, counter, now', 'signs their owner out (memory)'],
  ]),
  ...faults('src/flows/authenticate.ts', 'test/strategies/kinds.test.ts', [
    ['TO-08', 'admit(core, late, context, core.clock.now())', 'admit(core, late, context, now)', 'P5 TO-08: is judged at the instant it is open'],
  ]),
  ...faults('src/flows/authenticate.ts', 'test/refresh/model.test.ts', [
    ['RT-02', 'core.view.saw(use, claims.counter, now)', 'void 0', 'both are out (memory)'],
  ]),
  ...faults('src/strategies/hybrid.ts', 'test/refresh/model.test.ts', [
    ['RT-04', 'refresh.make(session.id, rotation.counter, rotation.seed)', 'refresh.make(session.id, rotation.counter, rotation.seed + now)', 'signs their owner out (memory)'],
  ]),
  ...faults('src/flows/refresh.ts', 'test/refresh/told.test.ts', [
    ['RT-11', 'record.counter, counter, now)\n      if', 'record.counter, record.counter, now)\n      if', 'RT-11: a token newer than the record'],
    ['SL-10', 'if (!allowed.ok) return allowed', '', 'SL-10: the hook may say'],
  ]),
  ...faults('src/tokens/refresh.ts', 'test/refresh/line.test.ts', [
    ['RT-07', '`${sid}.${counter}.${seed}`', '`${sid}.${counter}`', 'RT-07: neither all that the store holds'],
    ['RT-07', 'equal(proof, proofOf(own.key, sid, counter, seed))', 'proof.length === 43', 'RT-07: a token that differs'],
  ]),
  ...faults('src/strategies/hybrid.ts', 'test/refresh/refresh.test.ts', [
    ['RT-05', 'Math.min(now + life, session.expiresAt)', 'now + life', 'RT-05: neither refreshing nor using'],
  ]),
  ...faults('src/flows/refresh.ts', 'test/refresh/refresh.test.ts', [
    ['RT-05', '{ ...context, passive: true }', 'context', 'RT-05: refreshing every five minutes'],
  ]),
]
