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
  ...faults('src/wire/basic.ts', 'test/wire/basic.test.ts', [
    ['ER-05', "if (bytes.toString('base64') !== encoded) return BAD", '', 'refuses bits that say nothing'],
    ['ER-06', 'if (header.length > MAX_HEADER) return BAD', '', 'refuses more than anybody means'],
  ]),
]
