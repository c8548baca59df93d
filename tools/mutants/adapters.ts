// biome-ignore-all format: one fault a line

import { faults } from './mutant.ts'

const NODE = 'test/adapters/node.test.ts'
const EXPRESS = 'test/adapters/express.test.ts'
const FASTIFY = 'test/adapters/fastify.test.ts'
const HONO = 'test/adapters/hono.test.ts'
const NEXT = 'test/adapters/next.test.ts'

export const ADAPTERS = [
  ...faults('src/adapters/provenance.ts', NODE, [
    ['CS-01', "return method !== 'GET' && !SAFE.has(method)", 'return false', 'CS-01, CS-03: refuses everything else'],
    ['CS-02', "if (proof === 'none') return 'ask'", "if (proof === 'none') return null", 'CS-01, CS-03: refuses everything else'],
    ['CS-04', 'if (auth.csrfTokenFits(found.value.session.id', 'if (true || auth.csrfTokenFits(found.value.session.id', 'CS-04: a client that says nothing'],
    ['CS-08', "proofOfOrigin({ origin }, auth.setting.origins) === 'own'", 'true', 'CS-08: are refused by origin'],
    ['CS-08', "if (!isPresent(origin) && isPresent(carrier.get('authorization'))) return null", 'if (!isPresent(origin)) return null', 'CS-08: are refused by origin'],
  ]),
  ...faults('src/adapters/judge.ts', NODE, [
    ['AZ-01', 'if (all.length > 0) {', 'if (all.length > 1) {', 'AZ-01: guards have their say'],
    ['AZ-05', 'who.policy.sections.length === 0 ? guards', 'who.policy.sections.length >= 0 ? guards', 'RA-02: a section asks'],
    ['CK-12', "return setting.baseUrl.protocol === 'http:' || isSecure(auth, reading, request, carrier)", 'return true', 'CK-12: no next token'],
    ['ER-02', "return refuse({ code: 'internal' }, request, carrier, context)", 'throw error', 'AZ-01: guards have their say'],
  ]),
  ...faults('src/sections.ts', NODE, [
    ['AZ-05', 'const lower = text.toLowerCase()', 'const lower = text', 'AZ-05: no spelling'],
    ['AZ-05', 'const decoded = undone(text)', 'const decoded = text', 'AZ-05: no spelling'],
    ['AZ-05', 'found.add(walked(one))', '', 'AZ-05: no spelling'],
    ['AZ-05', "lower.replace(/;[^/]*/g, '')", 'lower', 'AZ-05: no spelling'],
  ]),
  ...faults('src/adapters/express.ts', EXPRESS, [
    ['AZ-05', 'const path = baseUrl + withoutQuery(pathOf(url) ?? url)', 'const path = withoutQuery(pathOf(url) ?? url)', 'RA-02: a section asks'],
    ['AZ-05', "url = '/', route", "originalUrl: url = '/', route", 'AZ-05: where a path is put in place'],
  ]),
  ...faults('src/adapters/fastify.ts', FASTIFY, [
    ['P9', 'return this[WHO] ?? null', 'return null', 'CS-01, CS-02: runs what comes from an own page'],
    ['CK-12', 'neverCached(reply.raw)', '', 'CK-12: goes out with an answer that nobody keeps'],
  ]),
  ...faults('src/adapters/hono.ts', HONO, [
    ['AZ-05', 'return found === undefined ? undefined : incoming', 'return incoming', 'AZ-05: a request that the application makes'],
    ['CK-12', "context.header('Cache-Control', 'no-store')", '', 'CK-12: goes out with an answer that nobody keeps'],
    ['AZ-05', 'if (verdict.who === null) return responseOf(verdict.reply) as R', 'if (verdict.who === null) return handler(context)', 'the adapter of Hono, around a handler > admission > ER-03'],
    ['CK-11', "context.header('Set-Cookie', cookie, { append: true })", "context.header('Set-Cookie', cookie, { append: false as true })", 'second half of a token'],
  ]),
  ...faults('src/adapters/next.ts', NEXT, [
    ['AZ-05', "path.includes('[') ? filled(path, await paramsOf(context)) : path", 'path', 'AZ-05: no spelling'],
    ['SL-07', 'if (!came.ok) throw new NextRefused', 'if (false) throw new NextRefused', 'TE-01, TE-04: the sign-out action'],
    ['CS-01', "await judged(shown(headers, 'POST', path), guards)", "await judged(shown(headers, 'GET', path), guards)", 'CS-01: an action'],
  ]),
  ...faults('src/adapters/reply.ts', NEXT, [
    ['CK-12', "next.headers.set('Cache-Control', 'no-store')", '', 'CK-12: goes out with an answer that nobody keeps'],
  ]),
  ...faults('src/adapters/reply.ts', NODE, [
    ['CS-10', 'const back = returnTarget(person.target, origins)', 'const back = person.target', 'CS-10: takes over no return target'],
    ['P3', "if (CODES[code]?.[0] !== 401 ||", 'if (', 'P3, ER-02: nobody is let in'],
  ]),
  ...faults('src/adapters/asked.ts', NODE, [
    ['TH-07', 'if (known !== null && !known.trusted) return known.ip', "const said = carrier.get('x-forwarded-for')\n    if (said) return said", 'TH-07, LG-02: events say'],
    ['SL-10', 'context.userAgent = userAgent', "context.userAgent = ''", 'SL-10: a session is at home'],
  ]),
  ...faults('src/adapters/next-parts.ts', NEXT, [
    ['CK-12', "response.headers.set('Cache-Control', 'no-store')", '', 'AZ-02, CK-12: the proxy'],
  ]),
  ...faults('src/adapters/connect.ts', EXPRESS, [
    ['CK-12', 'neverCached(outgoing)', '', 'CK-12: goes out with an answer that nobody keeps'],
  ]),
  ...faults('src/adapters/send.ts', 'test/adapters/send.test.ts', [
    ['CK-12', 'write.apply(outgoing, given.map(withoutCacheControl))', 'write.apply(outgoing, given as unknown[])', 'is never cached, said by writeHead'],
    ['CK-12', "outgoing.setHeader('Cache-Control', 'no-store')", '', 'is never cached, said by setHeader'],
  ]),
  ...faults('src/adapters/send.ts', 'test/adapters/gone.test.ts', [
    ['TE-11', 'if (outgoing.closed) left()\n  else ', '', 'and has fired for who asks for it later'],
    ['TE-11', 'if (!outgoing.writableFinished) controller.abort()', 'controller.abort()', 'a client that had its answer is not gone'],
  ]),
  ...faults('src/adapters/send.ts', NODE, [
    ['CK-11', "for (const cookie of response.headers.getSetCookie()) outgoing.appendHeader('Set-Cookie', cookie)", "outgoing.setHeader('Set-Cookie', response.headers.get('set-cookie') ?? '')", 'CK-11: signs in'],
  ]),
  ...faults('src/adapters/request.ts', EXPRESS, [
    ['CS-05', "isForm(headers.get('content-type')) ? formOf(body as Fields) : JSON.stringify(body)", 'JSON.stringify(body)', 'serves the pages that it was given'],
  ]),
  ...faults('src/adapters/request.ts', 'test/server/http-server.test.ts', [
    ['ER-06', 'NEVER.has(method) || ', '', 'ER-06: TRACE'],
    ['ER-06', "target.includes('\\\\')", 'false', 'ER-06: a backslash'],
    ['ER-06', 'source.resume()', '', 'ER-06: a body that somebody has had enough of'],
    ['ER-06', '{ highWaterMark: 0 }', '{}', 'ER-06: a body that nobody wants'],
  ]),
  ...faults('src/adapters/renewal.ts', NODE, [
    ['AZ-02', "if (!found.ok) return found.refusal.code === 'token_stale'", 'if (!found.ok) return false', 'AZ-02: comes at once'],
    ['P7', 'underWay.set(key, next)', '', 'is one for requests that come together'],
  ]),
  ...faults('src/adapters/stream.ts', NODE, [
    ['TE-11', "else over.addEventListener('abort', end, { once: true, signal: closed.signal })", '', 'TE-11: end with the session, say why'],
  ]),
  ...faults('src/adapters/sockets.ts', NODE, [
    ['TE-11', "over.addEventListener('abort', end, { once: true, signal: closed.signal })", '', 'TE-11: close with the session'],
    ['TE-11', 'opened.pause()', '', 'TE-11: of a client that does not close'],
  ]),
  ...faults('src/flows/while-signed-in.ts', 'test/flows/while-signed-in.test.ts', [
    ['TE-11', 'if (session.endedAt !== null) return', 'if (false) return', 'TE-11: fires at once of what is over'],
    ['TE-11', 'if (watched.askers === 0) watched.cancel()', 'watched.cancel()', 'is one signal a session'],
    ['TE-11', 'if (until === undefined) watched.askers = FOR_GOOD', 'if (until === undefined) watched.askers += 0', 'stays with whoever asked'],
  ]),
  ...faults('src/view/view.ts', 'test/flows/while-signed-in.test.ts', [
    ['TE-11', 'listening.tell(null)', '', 'TE-11: a node that may have missed'],
  ]),
  ...faults('src/flows/watch.ts', 'test/flows/while-signed-in.test.ts', [
    ['TE-11', 'if (clock.monotonic() + ms >= due) return', '', 'TE-11: a node that may have missed'],
  ]),
]
