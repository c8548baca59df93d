// biome-ignore-all format: one fault a line
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: faults are program text

import { faults } from './mutant.ts'

export const MAIL = [
  ...faults('src/flows/tickets.ts', 'test/flows/recovery.test.ts', [
    ['RC-01', 'digest: sha256(token), kind', 'digest: sha256(token), note: token, kind', 'RC-01: takes a token that is in no dump'],
    ['RC-02', 'clock.now() < ticket.expiresAt ? ticket : null', 'ticket', 'RC-02: a link is good for an hour'],
  ]),
  ...faults('src/flows/reset.ts', 'test/flows/recovery.test.ts', [
    ['RC-01', "users.endAll(id, 'session_revoked', user.generation)", "users.endAll(id, 'session_revoked')", 'RC-01: another reset that comes between'],
    ['RC-04', "tickets.removeOf(id, 'reset')", 'null', 'RC-04: signs nobody in'],
    ['P7', "const last = await users.endAll(id, 'session_revoked')", 'const last = { value: first, position: 0 }', 'P7: a sign-in with the old password between its steps'],
    ['RC-07', 'to === undefined || to === addressDigest(emailKey(user.email))', 'true', 'RC-07: a link mailed to an address'],
    ['TE-07', 'user.generation !== generation', 'false', 'TE-07: a link from before endAll'],
    ['RC-06', "if (ticket.data.reason !== 'change_required') return null", 'if (ticket) return null', 'RC-06: a password that was chosen for somebody'],
  ]),
  ...faults('src/flows/recovery.ts', 'test/flows/recovery.test.ts', [
    ['RC-03', "core.post.later('sending a link for a password', () => askedBy(core, emailKey(email), context))", 'await askedBy(core, emailKey(email), context)', 'RC-03: is answered alike for known, unknown and locked'],
    ['RC-03', 'if (!(await core.quota.toAddress(key))) return throttled(core, user, context)', '', 'is bounded by address without a word'],
  ]),
  ...faults('src/flows/email.ts', 'test/flows/email.test.ts', [
    ['RC-07', '{ key: from, generation }', '{ key: from, generation: user.generation }', 'TE-07: is void after endAll'],
    ['RC-07', "await tickets.removeOf(id, 'email')\n", '', 'RC-02: its link is good for a day; only that of the newest'],
    ['TH-09', 'if (holder && holder.id !== id) return tellTaken(core, holder, context, now)', '', 'TH-09: to an address in use'],
  ]),
  ...faults('src/flows/objection.ts', 'test/flows/email.test.ts', [
    ['RC-07', "email, emailKey(email), 'session_revoked')", 'email, emailKey(email), null)', 'RC-07: at the same time as the confirmation'],
    ['RC-07', "if (changed.value) {\n      await core.passwords.disable(id, core.clock.now())", 'if (changed.value) {', 'RC-07: before the new address confirmed'],
    ['RC-07', ">= at)", '>= 0)', 'RC-07: to the first of several changes'],
    ['RC-07', "await lock(core, id, context, id)", '', 'RC-07: locks the account'],
  ]),
  ...faults('src/flows/verification.ts', 'test/flows/email.test.ts', [
    ['TH-09', 'if (user) return tellTaken(core, user, context, now)', '', 'TH-09: with a taken address gets the same answer'],
  ]),
  ...faults('src/mail/links.ts', 'test/mail/compose.test.ts', [
    ['RC-05', "!url.searchParams.has('token')", 'true', 'RC-05: do not start with https://www.example/?token=1'],
  ]),
  ...faults('src/flows/notices.ts', 'test/flows/notices.test.ts', [
    ['TH-11', 'if (isNew || risky > 0) {', 'if (isNew && risky > 0) {', 'TH-11: is told once of a sign-in from a device'],
    ['TH-11', "&& !(await quota.isFirst('devices', userId))", '', 'TH-11: is not told of the first device'],
  ]),
  ...faults('src/flows/refresh.ts', 'test/flows/notices.test.ts', [
    ['TH-11', 'if (ended) notify', 'notify', 'RT-02, TH-11: is told once when a spent refresh token'],
  ]),
  ...faults('src/flows/post.ts', 'test/flows/notices.test.ts', [
    ['LG-03', 'const fault = outcome.fault instanceof Error ? outcome.fault.name : null', 'const fault = String(outcome.fault)', 'LG-07: changes nothing for whoever caused them'],
  ]),
  ...faults('src/flows/erasing.ts', 'test/flows/erasing.test.ts', [
    ['TE-07', 'drained(audit.source, (limit) => audit.erase(id, limit)),', '', 'TE-07: leaves nothing personal anywhere'],
    ['TE-07', 'drained(sessions.source, (limit) => sessions.erase(id, limit)),', '', 'TE-07: leaves nothing personal anywhere'],
  ]),
  ...faults('src/flows/accounts.ts', 'test/flows/erasing.test.ts', [
    ['TE-07', 'core.post.forget(id)', '', 'TE-07: takes messages along that wait'],
  ]),
  ...faults('src/mail/smtp.ts', 'test/mail/smtp.test.ts', [
    ['KM-08', 'requireTLS: !secure && !isPlain', 'requireTLS: false', 'is not gone without where a server does not offer it'],
  ]),
  ...faults('src/stores/memory/users.ts', 'test/stores/memory.test.ts', [
    ['RC-07', '&& user.generation === expected.generation', '', 'changes nothing for another address or generation'],
    ['RC-07', '(holder !== undefined && holder !== id)', 'false', 'RC-07: of 20 who want one address'],
  ]),
]
