// biome-ignore-all format: one fault a line
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: faults are program text

import { faults } from './mutant.ts'

const [WHOLE, ACCOUNT, FORMS] = ['test/pages/pages.test.ts', 'test/pages/account.test.ts', 'test/pages/forms.test.ts']

export const PAGES = [
  ...faults('src/pages/fields.ts', WHOLE, [
    ['ER-07', 'value="${value}"', 'value="${raw(value)}"', 'ER-07: escapes what people call themselves'],
  ]),
  ...faults('src/pages/layout.ts', FORMS, [
    ['ER-07', '<title>${fill(texts.title, { page: title, site: brand.name })}', '<title>${raw(fill(texts.title, { page: title, site: brand.name }))}', 'ER-07: a brand is text too'],
    ['CS-04', "${hidden('csrf', csrf)}\n", '', 'CS-04: each carries the token of the session'],
  ]),
  ...faults('src/pages/sessions.ts', FORMS, [
    ['CS-04', "${hidden('csrf', csrf)}${hidden('session', session.id)}", "${hidden('session', session.id)}", 'CS-04: each carries the token of the session'],
    ['SL-03', 'name="do" value="end" aria-label', 'aria-label', 'work without a script: every button says by its name'],
  ]),
  ...faults('src/pages/account-parts.ts', FORMS, [
    ['CS-04', "${hidden('csrf', csrf)}${more}", '${more}', 'CS-04: each carries the token of the session'],
    ['LG-03', "field.type === 'password' ? field : { ...field, value: own.given.get(field.name) ?? '' }", "{ ...field, value: own.given.get(field.name) ?? '' }", 'comes back but for passwords'],
  ]),
  ...faults('src/pages/home.ts', FORMS, [
    ['CS-04', "${hidden('csrf', auth.csrfToken(session.id))}", '', 'CS-04: each carries the token of the session'],
  ]),
  ...faults('src/pages/confirm.ts', FORMS, [
    ['CS-04', '!SECRET.has(name)', "!SECRET.has(name) && name !== 'csrf'", 'CS-04: the question for the password keeps it'],
  ]),
  ...faults('src/pages/links.ts', FORMS, [
    ['CS-06', '<form method="post" action="${address(visit, path)}">', '<form action="${address(visit, path)}">', 'CS-06: /verify asks for a button'],
  ]),
  ...faults('src/pages/confirm.ts', ACCOUNT, [
    ['LG-03', '[...form].filter(([name]) => !SECRET.has(name))', '[...form]', 'keeps what was typed when it asks for the password, but no password'],
    ['ER-02', 'await safely(submission, () => run({ ...who, session }))', 'await run({ ...who, session })', 'ER-02: a store that fails after the password was proved'],
  ]),
  ...faults('src/pages/account-actions.ts', ACCOUNT, [
    ['RA-01', '      question,\n    )', '    )', 'deletes the account after a question that takes the password'],
    ['TE-06', ', cookies: changed.value.carried.cookies }', ' }', 'TE-06 PW-09: changes the password'],
  ]),
  ...faults('src/pages/account-actions.ts', WHOLE, [
    ['AZ-03', '(await auth.sessions(who.user.id)).find(({ id }) => id === wanted)', 'wanted === undefined ? undefined : { id: wanted }', 'AZ-03: another one’s session is not there'],
    ['RA-06', "'end-others': async (auth, submission, who) =>\n    confirmed(auth, submission, who, async (current) => {", "'end-others': async (auth, submission, who) =>\n    Promise.resolve(who).then(async (current) => {", 'RA-06: asks for the password when the sign-in is old'],
  ]),
  ...faults('src/pages/present.ts', ACCOUNT, [
    ['RT-10', ', again: true } }', ' } }', 'RT-10: a form that comes with a token that is over'],
  ]),
  ...faults('src/pages/explain.ts', ACCOUNT, [
    ['ER-07', 'Object.hasOwn(refusals.ended, code)', 'code in refusals.ended', 'a script can say that it was constructor'],
  ]),
  ...faults('src/pages/expired.ts', ACCOUNT, [
    ['TO-01', "[found.refusal.code, query.get('reason')]", "[query.get('reason'), found.refusal.code]", 'TO-01: the page for it says why'],
    ['CS-10', 'if (found.ok) return', 'if (found.ok && query.size > 9) return', 'CS-10: leads nowhere else, and says nothing of being over'],
  ]),
  ...faults('src/pages/provenance.ts', WHOLE, [
    ['CS-01', "if (proof === 'own') return true", "if (proof !== 'foreign') return true", 'CS-01 SL-07: a form from elsewhere'],
    ['CS-04', "proof === 'none' && token !== undefined", 'token !== undefined', 'CS-04: a form that says nothing of its origin'],
    ['CS-04', 'auth.csrfTokenFits(who.session.id, token)', 'token !== undefined', 'CS-04: a form that says nothing of its origin'],
    ['LG-06', "auth.report({ type: 'csrf.rejected', ...(who && { who }), reason }, context)", '', 'CS-01 SL-07: a form from elsewhere'],
  ]),
  ...faults('src/pages/pages.ts', WHOLE, [
    ['CS-11', "arrived.request.headers.has('authorization')", 'false', 'CS-11: takes no form beside an Authorization header'],
    ['CK-12', "arrived.proto === 'http'", 'false', 'CK-12: signs nobody in over plain http'],
    ['CS-06', "if (method === 'GET' || method === 'HEAD') return await route.show(auth, visit)", "if (method === 'GET') return await route.submit(auth, { ...visit, form: new Map(visit.query) })", 'CS-06: a GET changes nothing'],
    ['P3', "if (fault instanceof StoreUnavailable) return trouble(visit, { code: 'unavailable' })", '', 'P3: 503 with Retry-After'],
  ]),
  ...faults('src/pages/pages.ts', FORMS, [
    ['CS-10', "if (returnTarget(query.get('return'), setting.origins) === null) query.delete('return')", '', 'CS-10: a bad return target is in no address of a page'],
  ]),
  ...faults('src/pages/visit.ts', WHOLE, [
    ['CS-10', "returnTarget(query.get('return'), setting.origins) ?? `${at}/`", '`${at}/`', 'CS-10: only to own paths and listed origins'],
  ]),
  ...faults('src/pages/reply.ts', WHOLE, [
    ['CS-09', " frame-ancestors 'none'", '', 'CS-09 TE-05 ER-07: the headers'],
    ['TE-05', "'Cache-Control': 'no-store',\n", '', 'CS-09 TE-05 ER-07: the headers'],
    ['TE-05', 'reply.signedOut && setting.clearSiteData', 'reply.signedOut', 'TE-05: signing out clears the cache where that is asked for'],
  ]),
  ...faults('src/pages/sign-in.ts', WHOLE, [
    ['TO-07', '{ ...visit.context, passive: true }', 'visit.context', 'TO-07: looking at the sign-in page is not activity'],
  ]),
  ...faults('src/pages/setup.ts', 'test/pages/setup.test.ts', [
    ['RC-06', 'if (!(await auth.setup.isOpen())) return over(visit)', '', 'is made by the link, is signed in, and closes the page'],
  ]),
  ...faults('src/pages/html.ts', 'test/pages/html.test.ts', [
    ['CS-09', '/[&<>"\']/g', '/[&<>"]/g', 'escapes every sign'],
    ['CS-09', "TEXT in piece ? piece[TEXT] : piece.map(textOf).join('')", 'TEXT in piece ? piece[TEXT] : String(piece)', 'leaves markup as it is'],
  ]),
]
