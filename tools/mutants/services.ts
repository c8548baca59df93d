// biome-ignore-all format: one fault a line
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: faults are program text

import { faults, type Mutant } from './mutant.ts'

/** Credentials of services, and what services may ask and end. */
export const SERVICES: readonly Mutant[] = [
  ...faults('src/flows/services.ts', 'test/flows/services.test.ts', [
    ['TP-11', 'if (service && fits) {', 'if (service) {', 'TP-11, ER-04: whatever is wrong'],
    ['LG-03', 'digest: sha256(secret), createdAt: now', 'digest: secret, createdAt: now', 'are made, listed and known'],
    ['SI-07', 'guesses.blocked(context.source, clock.now())', 'false', 'SI-07: guessing is counted by source'],
    ['SI-07', '&& !remembered.has(credential)', '', 'SI-07: guessing is counted by source'],
    ['LG-05', "recorder.record({ type: 'service.removed'", "void ({ type: 'service.removed'", 'LG-05: making and removing'],
  ]),
  ...faults('src/flows/introspect.ts', 'test/flows/introspect.test.ts', [
    ['TP-11', "refreshTurn(credential.counter, sound.rotation, now) === 'theft'", 'false', 'a spent refresh token is nothing'],
    ['TP-11', 'if (flaw !== null) return flaw', "if (flaw !== null && flaw.kind !== 'refused') return flaw", 'is one and the same nothing'],
    ['P4', 'core.view.saw(sound.use, credential.claims.counter, now)', 'void 0', 'a service that was shown an access token'],
    ['KM-02', "const signed = credential.proof === 'access'", 'const signed = false', 'KM-02: tells nothing of what a removed key'],
    ['TO-02', 'Math.min(own, limits.idleExpiresAt, limits.expiresAt)', 'Math.min(own, limits.expiresAt)', 'is active while it is good'],
  ]),
  ...faults('src/flows/revoke.ts', 'test/flows/introspect.test.ts', [
    ['TP-10', "context, 'session_revoked')", 'context)', 'ends its session; done everywhere'],
  ]),
  ...faults('src/http/body.ts', 'test/http/introspect.test.ts', [
    ['CS-05', 'form ? isForm(type) : JSON_TYPE.test(type)', 'isForm(type) || JSON_TYPE.test(type)', 'is a form and nothing else'],
  ]),
  ...faults('src/wire/form.ts', 'test/http/introspect.test.ts', [
    ['ER-05', 'form.has(name) || ', '', 'ER-05: a token twice is'],
  ]),
  ...faults('src/http/app.ts', 'test/http/introspect.test.ts', [
    ['TP-11', '? unknownService(caller.refusal, arrived.requestId) : caller', '? caller : caller', 'nobody but a service'],
  ]),
  ...faults('src/http/access.ts', 'test/http/introspect.test.ts', [
    ['TP-11', "if (!found.ok) return found\n    const { id } = found.value", "const id = found.ok ? found.value.id : 'nobody'", 'nobody but a service'],
    ['LG-02', "actor: `service:${id}`", 'actor: null', 'LG-02: is told with the service'],
  ]),
  ...faults('src/flows/relay-feeds.ts', 'test/flows/relay.test.ts', [
    ['P1', 'keepAccount(service, feed, row, answer)', 'keepAccount(service, feed, row, answer); void feedOf(feed).acknowledge(row, answer.entries.at(-1)?.at ?? 0)', 'P1: an ending returns as soon as the row has acknowledged it'],
    ['P7', "if (standing === 'good' && lost) retireOne(number, row)", "if (standing === 'good' && lost) void feedOf(number).remove([row])", 'P7: tells that entries are lost'],
    ['P1', 'from: stood?.[i]?.position ?? null', 'from: null', 'goes on from where it stood'],
    ['TP-11', 'const marks = places.read(service, place)\n      if (marks === null) return NO_PLACE\n      await removeAll(service, marks)', "const marks = places.read('billing', place)\n      if (marks === null) return NO_PLACE\n      await removeAll(service, marks)", 'TP-11: is nobody else'],
    ['TE-10', 'await removeAll(service, made).catch(() => {})', '', 'get rows all or none'],
    ['TE-10', 'registering.then(({ row }) => feed.remove([row])).catch(() => {})', '', 'whose registration failed, or came too late'],
    ['P1', "else rows.forget(service, number, row)", '', 'that an ender marked count no more'],
  ]),
  ...faults('src/flows/relay-feeds.ts', 'test/flows/relay-polls.test.ts', [
    ['P1', 'lease: poll === null', 'lease: true', 'answers at once where something is new'],
    ['P1', 'await (poll as Poll).next()', 'await (poll as Poll).next()\n      return found', 'P1: wakes at an append'],
    ['ER-06', 'poll?.end()', '', 'leaves nothing behind when its client goes'],
    ['P3', 'within(clock, LEASE_MS, feedOf(feed).read(row, position, limit))', 'feedOf(feed).read(row, position, limit)', 'P3: fails where the database'],
  ]),
  ...faults('src/flows/relay-polls.ts', 'test/flows/relay-polls.test.ts', [
    ['P1', 'if (!woken && !over) {', 'if (!over) {', 'misses nothing that is appended'],
    ['ER-06', "signal?.addEventListener('abort', stop, { once: true })", '', 'leaves nothing behind when its client goes'],
    ['ER-06', 'polls.size >= MOST || ', '', 'is one of 64 of its service'],
    ['ER-06', '|| waiting >= mostEach', '', 'is one of 64 of its service'],
  ]),
  ...faults('src/flows/relay-rows.ts', 'test/flows/relay.test.ts', [
    ['P1', 'clock.monotonic() - readAt >= IDLE_MS ? row : null', 'row', 'are 64 of one service at most'],
    ['P1', 'if (full && idle === null) return null', '', 'are 64 of one service at most'],
  ]),
  ...faults('src/flows/relay-places.ts', 'test/flows/relay.test.ts', [
    ['TP-11', 'mac(key, `${service}.${written}`)', 'mac(key, written)', 'TP-11: is nobody else'],
    ['TP-11', '`${written}.${code}` !== place || ', '', 'TP-11: is nobody else'],
  ]),
  ...faults('src/flows/relay-uses.ts', 'test/flows/relay-uses.test.ts', [
    ['TO-02', 'Math.min(now, Math.max(now - MOST_AGO_MS, use.at))', 'use.at', 'count no more than an hour back'],
    ['SL-08', "if (known === null || 'reason' in state) return asked || known?.session.endedAt !== null", 'if (known === null) return true', 'TO-05, SL-08: bring nothing back'],
    ['P4', 'counter !== undefined && counter <= rotation.counter', 'counter !== undefined', 'P4: is not believed of a counter'],
    ['P5', '!asked && uses.some(({ at }) => pauseMatters(policy, at - use.lastActiveAt))', 'false', 'ask the store where another node'],
    ['ER-06', 'const AT_ONCE = 8', 'const AT_ONCE = 1000', 'are looked up a few at a time'],
  ]),
  ...faults('src/http/feed.ts', 'test/http/feed.test.ts', [
    ['ER-06', '      .max(MOST_USES)\n', '', 'takes a thousand uses at once'],
    ['P1', '(leave ? relay.leave(service, place) : relay.acknowledge(service, place))', 'relay.acknowledge(service, place)', 'TH-10: gives no service more'],
  ]),
  ...faults('src/wire/basic.ts', 'test/wire/basic.test.ts', [
    ['ER-05', "if (bytes.toString('base64') !== encoded) return BAD", '', 'refuses bits that say nothing'],
    ['ER-06', 'if (header.length > MAX_HEADER) return BAD', '', 'refuses more than anybody means'],
  ]),
]
