// biome-ignore-all format: one fault a line
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: faults are program text

import { faults } from './mutant.ts'

export const HTTP = [
  ...faults('src/http/refusals.ts', 'test/http/openapi.test.ts', [
    ['ER-01', ', ...(route.refuses ?? [])', '', 'states what a handler refuses with'],
    ['ER-01', 'isUnsafe && readsCookies', 'readsCookies', 'states what a handler refuses with'],
    ['ER-01', "|| forwarded === true", '', 'states what a handler refuses with'],
    ['ER-01', 'isForPeople && proving === undefined', 'isForPeople', 'states what a handler refuses with'],
    ['ER-01', 'return OF_A_SERVICE', 'return OF_A_SESSION', 'states exactly what can be refused: a service'],
  ]),
  ...faults('src/http/refusals.ts', 'test/http/captcha.test.ts', [
    ['ER-01', "...ofSteps(route), ...(route.refuses ?? [])", '...ofSteps(route)', 'TH-02: sign-up and sign-in ask for a solved task'],
  ]),
  ...faults('src/http/respond.ts', 'test/http/pipeline.test.ts', [
    ['ER-07', "'Cache-Control': 'no-store',", '', 'ER-07: a good answer'],
    ['CS-09', "frame-ancestors 'none'", "frame-ancestors 'self'", 'CS-09: every kind of answer'],
    ['CS-09', "if (setting.baseUrl.protocol === 'https:') headers.set", 'headers.set', 'has no HSTS where'],
  ]),
  ...faults('src/http/respond.ts', 'test/http/sign-in.test.ts', [
    ['CK-11', 'oncePerName(answer.cookies ?? [])', '(answer.cookies ?? [])', 'CK-11: strategies that share a cookie'],
  ]),
  ...faults('src/http/body.ts', 'test/http/pipeline.test.ts', [
    ['CS-05', '/^application\\/json(?:', '/^(?:application\\/json|text\\/plain)(?:', 'CS-05: JSON sent as'],
    ['CS-05', "request.headers.get('content-type') ?? ''", "request.headers.get('content-type') ?? 'application/json'", 'CS-05: so is JSON without any content type'],
    ['CS-05', "|| encoding.toLowerCase() !== 'identity'", '', 'CS-05: so is JSON without any content type'],
    ['ER-06', "if (length > most) return 'too large'", 'if (length > 1e7) return \'too large\'', 'stops reading a body that never ends'],
    ['ER-06', "return 'broken'", "throw new Error('broken')", 'takes a body that breaks off'],
  ]),
  ...faults('src/http/body.ts', 'test/http/input.test.ts', [
    ['ER-05', 'fatal: true, ', '', 'ER-05: bytes that are not UTF-8'],
    ['ER-05', ', ignoreBOM: true', '', 'ER-05: a byte order mark'],
  ]),
  ...faults('src/http/input.ts', 'test/http/input.test.ts', [
    ['ER-05', 'if (Object.hasOwn(query, name)) return', 'if (false) return', 'ER-05: a parameter that stands twice'],
  ]),
  ...faults('src/http/input.ts', 'test/http/pipeline.test.ts', [
    ['ER-07', "path: told ? names.join('.') : ''", "path: names.join('.')", 'ER-07: nothing of the input'],
  ]),
  ...faults('src/http/sign-up.ts', 'test/http/input.test.ts', [
    ['AZ-04', 'body: z.strictObject(', 'body: z.object(', 'AZ-04: '],
  ]),
  ...faults('src/http/limits.ts', 'test/http/pipeline.test.ts', [
    ['ER-06', 'request.url.length > MAX_URL', 'false', 'with 414'],
    ['ER-06', 'total > MAX_HEADERS ?', 'false ?', 'with 431'],
  ]),
  ...faults('src/http/match.ts', 'test/http/pipeline.test.ts', [
    ['AZ-05', 'exact.get(pathname)', 'exact.get(decodeURIComponent(pathname))', 'AZ-05: '],
    ['AZ-05', 'exact.get(pathname)', 'exact.get(pathname.toLowerCase())', 'AZ-05: '],
    ['AZ-05', 'exact.get(pathname)', "exact.get(pathname.replace(/\\/+/g, '/'))", 'AZ-05: '],
    ['AZ-05', 'exact.get(pathname)', "exact.get(pathname.replace(/(.)\\/$/, '$1'))", 'AZ-05: '],
    ['AZ-05', "exact.get(pathname)", "exact.get(pathname.split(';')[0] as string)", 'AZ-05: '],
    ['AZ-05', '!ID.test(segment)', 'false', 'AZ-05: '],
  ]),
  ...faults('src/http/arrival.ts', 'test/http/pipeline.test.ts', [
    ['LG-04', '&& isTrusted(remote, trusted)', '', 'come from a trusted proxy'],
    ['LG-04', '&& REQUEST_ID.test(given)', '', 'come from a trusted proxy'],
  ]),
  ...faults('src/http/arrival.ts', 'test/http/plain-http.test.ts', [
    ['CK-12', "source.proto ?? (url", "(request.headers.get('x-forwarded-proto') as 'https' | null) ?? (url", 'CK-12: a proto header from anyone'],
    ['TH-07', 'source.ip !== null && { source: source.ip }', "{ source: request.headers.get('x-forwarded-for') ?? '' }", 'TH-07: '],
  ]),
  ...faults('src/http/carriable.ts', 'test/http/plain-http.test.ts', [
    ['CK-12', "|| proto === 'https'", '|| true', 'CK-12: says so aloud'],
    ['CK-12', "credential === 'replaced' && who?.via.transport === 'cookie'", 'false', 'CK-12: a token is not replaced'],
    ['CK-12', "chosen(body) === 'cookie'", 'true', 'CK-12: tokens in the body'],
  ]),
  ...faults('src/http/proof.ts', 'test/http/csrf.test.ts', [
    ['CS-01', "(proof === 'none' && route.credential === 'issued')", "proof === 'none'", 'without any of the three headers is refused'],
    ['CS-01', "(route.access === 'public' && route.credential === undefined)", "route.access === 'public'", 'SL-07: signing in from another site'],
    ['CS-01', "const proof = proofOfOrigin(origin, auth.setting.origins)", "const proof = headers.has('origin') ? 'own' : proofOfOrigin(origin, auth.setting.origins)", 'from another site is refused'],
    ['CS-11', "route.credential !== 'issued' && ", '', 'CS-11: signing in is judged'],
    ['CS-04', 'auth.csrfTokenFits(found.value.session.id, headers.get(CSRF_HEADER))', 'headers.has(CSRF_HEADER)', 'CS-04: not with another session'],
    ['CS-04', "return found.refusal.code === 'token_stale' ? unproved(auth) : found", 'return ok(null)', 'CS-04: a token that was replaced'],
    ['LG-06', "auth.report({ type: 'csrf.rejected', reason: 'foreign_origin' }, context)", '', 'LG-06: '],
    ['LG-06', "auth.report({ type: 'csrf.rejected', who: found.value, reason: 'no_proof' }, context)", '', 'LG-06: '],
  ]),
  ...faults('src/http/access.ts', 'test/http/every-route.test.ts', [
    ['AZ-01', "admin: [role('admin')]", "admin: [role('admin', 'auditor')]", 'AZ-01, AZ-02: '],
    ['AZ-01', "auditor: [role('admin', 'auditor')]", 'auditor: []', 'AZ-01, AZ-02: '],
  ]),
  ...faults('src/http/access.ts', 'test/http/sessions.test.ts', [
    ['RA-06', '...(route.fresh ? [fresh(auth.setting.fresh)] : [])', '', 'RA-06: '],
    ['TO-07', '{ ...context, passive, renewing }', '{ ...context, renewing }', 'TO-07: polling is not activity'],
  ]),
  ...faults('src/http/cors.ts', 'test/http/cors.test.ts', [
    ['CS-07', "if (origin === null || !corsOrigins.has(origin)) return { Vary: 'Origin' }", "if (origin === null) return { Vary: 'Origin' }", 'CS-07: '],
    ['CS-07', "if (origin === null || !corsOrigins.has(origin)) return { Vary: 'Origin' }", 'if (origin === null || !corsOrigins.has(origin)) return {}', 'CS-07: '],
    ['CS-07', '!preflight || origin === null || !corsOrigins.has(origin)', '!preflight', 'CS-07: '],
  ]),
  ...faults('src/http/app.ts', 'test/http/faults.test.ts', [
    ['ER-02', 'if (error instanceof StoreUnavailable) return', 'if (false) return', 'ER-02, TE-10: '],
    ['ER-01', "return refused({ code: 'internal' })\n  }\n}", "return refused({ code: 'forbidden', detail: String(error) })\n  }\n}", 'ER-01: an inner fault'],
    ['ER-01', '    try {\n      return leave(result)', '    if (result) return leave(result)\n    try {\n      return leave(result)', 'ER-01: an answer that cannot be written'],
  ]),
  ...faults('src/http/sign-out.ts', 'test/http/csrf.test.ts', [
    ['CS-11', 'byHeader ? {} : { cookies, headers }', '{ cookies, headers }', 'CS-11: a bad one'],
  ]),
  ...faults('src/http/sign-out.ts', 'test/http/sign-in.test.ts', [
    ['TE-04', 'byHeader ? {} : { cookies, headers }', '{}', 'TE-01, TE-04: '],
  ]),
  ...faults('src/http/sign-in.ts', 'test/http/sign-in.test.ts', [
    ['SL-01', "transport === 'bearer' ? undefined : carrier", 'undefined', 'SL-01: the session the browser had'],
    ['SL-01', "transport === 'bearer' ? undefined : carrier", 'carrier', 'SL-01: signing in for another transport'],
    ['CK-02', "transport: transport ?? 'cookie'", "transport: 'cookie'", 'CK-02: with cookies no token'],
  ]),
  ...faults('src/http/sessions.ts', 'test/http/sessions.test.ts', [
    ['AZ-03', "some((session) => session.id === id)) return", "some(() => true)) return", 'AZ-03: those of others'],
    ['RA-06', 'if (!allowed.ok) return allowed', '', 'RA-06: '],
    ['SL-03', ' && isOpen(auth, session, who.user, who)', '', 'what is over by time'],
  ]),
  ...faults('src/http/password.ts', 'test/http/password.test.ts', [
    ['SL-01', '{ cookies: outcome.value.carried.cookies }', '{}', 'TE-06, SL-01: '],
  ]),
  ...faults('src/http/user.ts', 'test/http/password.test.ts', [
    ['RA-01', 'fresh: true,', '', 'RA-01, TE-07: '],
  ]),
  ...faults('src/http/admin-users.ts', 'test/http/admin.test.ts', [
    ['AZ-02', 'if (!allowed.ok) return allowed', '', 'cannot shut themselves out'],
    ['AZ-02', 'if (unknown >= 0) return', 'if (false) return', 'a change that is refused'],
    ['TE-07', "status === 'locked' ? 'lock' : 'unlock'", "status === 'locked' ? 'unlock' : 'lock'", 'TE-07: locking'],
  ]),
  ...faults('src/http/events.ts', 'test/http/events.test.ts', [
    ['TE-11', "LAST.has(event) && { last: true }", '{}', 'TE-11: ends with the session'],
    ['TO-07', 'passive: true,', '', 'is itself no activity'],
    ['TE-11', '>= MAX_STREAMS', '>= 1e9', 'lets a session hold 20 streams'],
    ['TE-11', '() => closed(id)', '() => {}', 'HEAD opens none'],
  ]),
  ...faults('src/http/stream.ts', 'test/http/events.test.ts', [
    ['TE-11', '(controller.desiredSize ?? 0) > 0', 'true', 'gives up a client that does not read'],
  ]),
  ...faults('src/http/health.ts', 'test/http/health.test.ts', [
    ['TE-10', 'if (up) return', 'return', 'is not ready when one is down'],
  ]),
  ...faults('src/http/original.ts', 'test/http/forward.test.ts', [
    ['CS-06', '[method, ...stated].some', '[method, ...stated].every', 'CS-01, CS-06: its method is judged'],
    ['CS-08', " || SOCKET.some((name) => (carrier.get(name) ?? null) !== null)", '', 'CS-08: a WebSocket'],
    ['AZ-05', 'targets.every((one) => TARGET.test(one))', 'targets.length >= 0', 'AZ-05: sections of the policy'],
  ]),
  ...faults('src/http/forward.ts', 'test/http/forward.test.ts', [
    ['AZ-05', '...targets.value.map(withoutQuery), ', '', 'AZ-05: sections of the policy'],
    ['AZ-01', 'names.every((name) => roles.includes(name))', 'names.some((name) => roles.includes(name))', 'AZ-01: asks for one of the roles'],
    ['AZ-01', ', ...wanted], context)', '], context)', 'AZ-01: asks for one of the roles'],
  ]),
  ...faults('src/http/forwarded.ts', 'test/http/forward.test.ts', [
    ['CS-01', "? 'POST' : 'GET'", "? 'GET' : 'GET'", 'CS-01, CS-06: its method is judged'],
    ['CS-10', "returnTarget(rd === '' ? originalTarget(request.headers) : rd, setting.origins)", "rd === '' ? originalTarget(request.headers) : rd", 'CS-10: to sign in'],
    ['TO-07', "url.searchParams.has('passive') && { passive: true }", '{}', 'TO-04, TO-07: counts'],
  ]),
  ...faults('docs/gateway.md', 'test/gateway/nginx.test.ts', [
    ['AZ-05', '    proxy_set_header X-Auth-User $auth_user;', '', 'AZ-05: nothing a client says'],
    ['CS-06', '    proxy_set_header X-Forwarded-Method $request_method;\n        proxy_set_header X-Forwarded-Uri $request_uri;\n        proxy_pass http://auth/auth/forward?$need', '    proxy_pass http://auth/auth/forward?$need', 'CS-01, CS-06: judges'],
  ]),
  ...faults('docs/gateway.md', 'test/gateway/caddy.test.ts', [
    ['AZ-05', 'request_header -X_Auth_*', '', 'AZ-05: nothing a client says'],
    ['AZ-05', '&roles=admin\n\t\t\tcopy', '\n\t\t\tcopy', 'AZ-05: asks for roles'],
  ]),
  ...faults('src/server/http-server.ts', 'test/server/http-server.test.ts', [
    ['ER-06', 'HOST.test(host) ? URL.parse', 'host ? URL.parse', 'ER-06: a host that is none'],
  ]),
]
