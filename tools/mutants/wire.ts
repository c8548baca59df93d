// biome-ignore-all format: one fault a line
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: faults are program text

import { faults } from './mutant.ts'

export const WIRE = [
  ...faults('src/wire/cookie.ts', 'test/wire/cookie.test.ts', [
    ['CK-01', "secure ? '; Secure' : ''", "''", 'CK-01: writes the protected cookie'],
    ['CK-01', 'if (host && domain !== undefined)', 'if (false)', 'CK-01: refuses __Host- with a domain'],
    ['CK-01', '/^__host-/i', '/^__Host-/', 'CK-01: refuses __HOST- in another case'],
    ['CK-02', "httpOnly ? '; HttpOnly' : ''", "''", 'CK-01: writes the protected cookie'],
    ['CK-03', "if (sameSite === 'none' && !secure)", 'if (false)', 'CK-03: SameSite is always explicit'],
    ['CK-04', "maxAge === undefined ? '' : `; Max-Age=${maxAge}`", '`; Max-Age=${maxAge ?? 3600}`', 'CK-04: is not persistent'],
    ['CK-05', 'if (name.length + value.length > MAX_COOKIE)', 'if (false)', 'CK-05: name and value of more than 4096'],
    ['CK-06', 'if (!VALUE.test(value))', 'if (false)', 'CK-06: '],
    ['CK-06', 'if (!PATH.test(path))', 'if (false)', 'CK-06: '],
    ['CK-07', 'if (seen) return MANY', '', 'CK-07: a doubled cookie is a conflict'],
    ['CK-07', 'if (separator === SEMICOLON) start', 'start', 'CK-07: a value planted behind a comma'],
    ['CK-08', 'if (separator !== SEMICOLON && separator !== COMMA) continue', '', 'CK-08: '],
    ['TE-04', '{ ...cookie, maxAge: 0 }', "{ ...cookie, maxAge: 0, path: '/' }", 'TE-04: clearing repeats'],
    ['KM-08', '`The value of cookie', '`${value}: The value of cookie', 'KM-08: an error does not repeat'],
  ]),
  ...faults('src/wire/token.ts', 'test/wire/token.test.ts', [
    ['SI-01', 'randomText(48)', "randomText(9).padEnd(64, 'A')", 'SI-01: '],
    ['SI-01', '| (SECRET_START[random.charCodeAt(BORDER)] ?? 0)', '', 'SI-01: the four bits'],
    ['SI-04', '/^[A-Za-z0-9_-]{64}$/', '/^[A-Za-z0-9_-]{22,64}$/', 'SI-04: the public id is no token'],
    ['SI-06', '/^[A-Za-z0-9_-]{64}$/', '/^[A-Za-z0-9_-]{64}/', 'SI-06: refuses by shape'],
  ]),
  ...faults('src/wire/bearer.ts', 'test/wire/bearer.test.ts', [
    ['CS-11', 'if (header === null || header === undefined) return NONE', 'if (!header) return NONE', 'is bad, not absent'],
    ['JW-23', 'token !== null && isToken68(token) ?', 'token !== null ?', 'JW-23: two header lines are bad'],
  ]),
  ...faults('src/wire/origin.ts', 'test/wire/origin.test.ts', [
    ['CS-01', "if (!present(referer)) return 'none'", "if (!present(referer)) return 'own'", 'CS-02: a request without any signal'],
    ['CS-02', "secFetchSite === 'none' ? 'own'", "secFetchSite !== 'cross-site' ? 'own'", 'CS-02: Sec-Fetch-Site "same-site"'],
    ['CS-02', "if (secFetchSite === 'same-origin') return 'own'", "if (secFetchSite !== 'cross-site') return 'own'", 'CS-02: '],
    ['CS-03', 'origin !== null && own.has(origin)', 'origin !== null', 'CS-03: Origin'],
    ['CS-03', "isOwn(origin, own) ? 'own'", "origin === 'null' || isOwn(origin, own) ? 'own'", 'CS-03: Origin "null"'],
  ]),
  ...faults('src/wire/return-target.ts', 'test/wire/return-target.test.ts', [
    ['CS-10', '!url || SECOND_SLASH.test(url.pathname)', '!url', 'CS-10: does not follow'],
    ['CS-10', '!PLAIN.test(raw)', 'false', 'CS-10: does not follow'],
    ['CS-10', 'origins.has(url.origin) ? url.href : null', 'url.href', 'CS-10: follows no absolute URL when none is listed'],
  ]),
  ...faults('src/wire/source.ts', 'test/wire/source.test.ts', [
    ['TH-07', 'if (!isTrusted(remote, trusted))', 'if (false)', 'TH-07: believes no header of an untrusted connection'],
    ['TH-07', 'prefix(address, 64)', 'prefix(address, 128)', 'TH-07: groups IPv6 by /64'],
    ['TH-07', 'end > 0 && isTrusted(client, trusted)', 'end > 0', 'TH-07: walks from the right'],
    ['CK-12', "hops.includes('http') ? 'http' : 'https'", "hops[0] === 'http' ? 'http' : 'https'", 'CK-12: X-Forwarded-Proto'],
  ]),
  ...faults('src/wire/json.ts', 'test/wire/json.test.ts', [
    ['JW-08', 'if (names.has(content))', 'if (false)', 'JW-08: a name that occurs twice'],
    ['ER-05', 'if (FORBIDDEN.has(content))', 'if (false)', 'JW-22, ER-05: names that lead to a prototype'],
    ['JW-17', '> limits.depth', '> 1e9', 'JW-17: depth is bounded'],
    ['PW-04', 'if (!content.isWellFormed())', 'if (false)', 'PW-04: half a surrogate pair'],
  ]),
]
