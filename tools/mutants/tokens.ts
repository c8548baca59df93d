// biome-ignore-all format: one fault a line
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: faults are program text

import { faults } from './mutant.ts'

export const TOKENS = [
  ...faults('src/wire/own-claims.ts', 'test/wire/own-claims.test.ts', [
    ['JW-13', 'if (!text.startsWith(start)) return null\n', '', 'JW-12 JW-13: another issuer or audience'],
    ['JW-15', ' || exp <= iat', '', 'JW-17: lists and texts are no longer'],
    ['JW-17', 'roles.length > MAX_LIST', 'false', 'JW-17: lists and texts are no longer'],
    ['JW-08', '[ !#-', '[ !-', 'JW-08 JW-15: whatever is changed in one'],
  ]),
  ...faults('src/crypto/ecdsa.ts', 'test/crypto/ecdsa.test.ts', [
    ['JW-19', '!isBelow(signature, 0) || ', '', 'JW-19: r=n are no numbers'],
    ['JW-19', 'rFirst === 32 || ', '', 'JW-19: r=0 are no numbers'],
    ['JW-19', '(signature[rFirst] as number) >> 7', '0', 'JW-19: DER is written by its rules'],
  ]),
  ...faults('src/crypto/keys.ts', 'test/crypto/keys.test.ts', [
    ['JW-19', 'signature.length === size && ', '', 'JW-19: no signature of another length'],
    ['KM-03', "if (kty === 'oct') return null", '', 'KM-03: show their public members only'],
    ['KM-04', 'jwk.kty === kty && jwk.crv === crv ?', 'true ?', 'KM-04: a sealed key is of its one algorithm'],
    ['KM-08', 'const key = keyIn(text)', 'const key = keyIn(text) ?? JSON.parse(text)', 'KM-08: what is no key is not repeated'],
  ]),
  ...faults('src/crypto/algorithms.ts', 'test/tokens/access-signatures.test.ts', [
    ['JW-19', 'saltLength: 32', 'saltLength: constants.RSA_PSS_SALTLEN_AUTO', 'JW-19: PSS with a salt of another length'],
  ]),
  ...faults('src/crypto/import-key.ts', 'test/crypto/import-key.test.ts', [
    ['JW-20', 'modulusLength < LEAST_RSA_BITS', 'false', 'JW-20: RSA of 1024 bits'],
    ['JW-20', 'publicExponent < LEAST_EXPONENT || ', '', 'JW-20: RSA with e=3'],
    ['JW-20', 'new Set(text).size < 12 || ', '', 'JW-20: a secret of few characters'],
    ['JW-20', ' || /^(.{1,16})\\1+$/s.test(text)', '', 'JW-20: a secret that repeats a word'],
    ['JW-20', 'if (!fits)', 'if (false)', 'JW-20: Ed448'],
    ['JW-03', "if (alg === 'HS256') throw wrong(`is a PEM key", "if (false) throw wrong(`is a PEM key", 'JW-03: a private PEM as a shared secret'],
    ['KM-04', "own('use') !== undefined && own('use') !== 'sig'", 'false', 'KM-04: a key to encrypt with'],
    ['KM-04', 'operations !== undefined && !(Array', 'false && !(Array', 'KM-04: a key that only verifies'],
    ['KM-04', 'if (!isWhole(named))', 'if (false)', 'KM-04: halves of two EC keys'],
    ['KM-05', 'kids.size !== keys.length', 'false', 'has every kid once'],
    ['KM-05', 'shared > 0 && shared < keys.length', 'false', 'does not mix shared secrets'],
    ['JW-05', ' && KID.test(name))', ')', 'JW-05: a kid with a path in it'],
    ['KM-08', "throw wrong('cannot be read: write an unencrypted", "throw wrong(text + 'cannot be read: write an unencrypted", 'KM-08: and nothing of them is told'],
  ]),
  ...faults('src/crypto/seal.ts', 'test/crypto/seal.test.ts', [
    ['KM-09', '      .setAAD(Buffer.from(purpose))\n', '', 'opens as it was, for its purpose'],
    ['KM-09', "'aes-256-gcm', newest.key, nonce).setAAD(Buffer.from(purpose))", "'aes-256-gcm', newest.key, nonce)", 'opens as it was, for its purpose'],
    ['KM-08', 'randomBytes(NONCE_BYTES)', 'Buffer.alloc(NONCE_BYTES)', 'is another text each time'],
    ['KM-08', '([A-Za-z0-9_-]{22})', '([A-Za-z0-9_-]{6,22})', 'does not open when it is cut'],
    ['KM-08', 'keys.find((one) => one.name === name)', 'keys[0]', 'KM-08: open what an older secret sealed'],
  ]),
  ...faults('src/wire/jws.ts', 'test/wire/jws.test.ts', [
    ['JW-06', ' || Buffer.byteLength(token) !== token.length', '', 'letters of other scripts'],
    ['JW-06', 'return whole && ENDS[text.length & 3]?.includes(text.charAt(text.length - 1))', 'return whole', 'unused bits are zero'],
    ['JW-06', "if (token.includes('+') || token.includes('/')) return null", '', 'the alphabet of plain base64'],
    ['JW-06', " && bytes.length === (text.length * 3) >> 2", '', 'a line in the middle is refused'],
    ['JW-17', 'token.length > MAX_TOKEN || ', '', 'the longest token is read'],
    ['JW-17', 'bytes.length > limits.length ? null', 'false ? null', 'a header that is too long'],
  ]),
  ...faults('src/wire/jws.ts', 'test/wire/jws-header.test.ts', [
    ['JW-14', 'header.typ !== typ', 'false', 'JWT is another'],
    ['JW-07', "'crit', 'b64', ", '', 'JW-07: nothing critical is understood'],
    ['JW-04', "'jwk', 'jku', 'x5u', 'x5c', 'x5t', 'x5t#S256', ", '', 'JW-04: keys in a token are refused'],
    ['JW-21', ", 'enc', 'zip'", '', 'JW-21: a member enc'],
    ['JW-05', "typeof kid !== 'string' || !KID.test(kid) || ", '', 'missing is refused'],
    ['JW-05', '!KID.test(kid)', 'false', 'a path is refused'],
    ['JW-02', "typeof alg !== 'string' || ", '', 'JW-02: the algorithm is text'],
  ]),
  ...faults('src/wire/jws.ts', 'test/wire/jws-json.test.ts', [
    ['JW-08', 'stringsIn(value, limits.depth) * 2 === quotes', 'true', 'roles in the payload'],
    ['JW-18', 'fatal: true', 'fatal: false', 'invalid UTF-8 is no payload'],
    ['JW-18', 'ignoreBOM: true', 'ignoreBOM: false', 'a byte order mark is no payload'],
    ['JW-18', 'value === null || Array.isArray(value)) return null', 'value === null) return null', 'a list is no payload'],
  ]),
  ...faults('src/wire/claims.ts', 'test/wire/claims.test.ts', [
    ['JW-13', 'iss !== expected.issuer || ', '', 'us with the port is refused'],
    ['JW-12', '!audience?.includes(expected.audience)', 'audience === null', 'a part of us is refused'],
    ['JW-09', '!isDate(exp) || ', '', 'exp "1800000300" is refused'],
    ['JW-09', ' && value < LATEST', '', 'exp 1800000300000 is refused'],
    ['JW-09', 'now >= expiresAt + leeway', 'now > expiresAt + leeway', 'is over at that instant'],
    ['JW-10', '!isDate(iat) || ', '', 'nbf and iat'],
    ['JW-10', 'nbf !== undefined && !isDate(nbf)', 'false', 'nbf and iat'],
    ['JW-10', ' || exp <= iat', '', 'exp is after iat'],
    ['JW-10', 'issuedAt > soonest || ', '', 'a token from the future is early'],
    ['JW-11', ' && milliseconds <= MOST_LEEWAY', '', 'is at most a minute'],
    ['JW-22', 'if (!Object.hasOwn(payload, name)) return null', 'if (!(name in payload)) return null', 'JW-22: and has to be'],
    ['JW-22', 'Object.hasOwn(payload, name) ? payload[name] : undefined', 'payload[name]', 'JW-22: and has to be'],
    ['TO-09', 'const whole = seconds(expiresAt)', 'const whole = Math.ceil(expiresAt / 1000)', 'TO-09: come back as they were written'],
    ['TO-09', 'whole > seconds(issuedAt) ? whole : expiresAt / 1000', 'whole', 'with less than a second left'],
  ]),
  ...faults('src/tokens/access-reader.ts', 'test/tokens/access.test.ts', [
    ['JW-01', 'if (!verify(key, parsed.input, parsed.signature)) return FORGED', '', 'JW-01: a token that was not signed here'],
    ['JW-01', 'if (!verify(key,', "verified.keep(token, { ok: true, value: {} as T })\n    if (!verify(key,", 'is nothing that did not'],
    ['JW-01', 'if (!verify(key,', 'if (payloadOf(parsed) === null) return MALFORMED\n    if (!verify(key,', 'is not even decoded'],
    ['JW-17', '(LONGEST_REMEMBERED', '(100_000', 'is no token that is very long'],
  ]),
  ...faults('src/tokens/access.ts', 'test/tokens/access.test.ts', [
    ['JW-15', 'jti: randomText(16)', "jti: 'AAAAAAAAAAAAAAAAAAAAAA'", 'JW-15: ten thousand tokens'],
  ]),
  ...faults('src/tokens/access-reader.ts', 'test/tokens/access-keys.test.ts', [
    ['JW-02', 'key === null || key.alg !== parsed.alg', 'key === null', 'JW-02: the key says by which algorithm'],
  ]),
  ...faults('src/recent.ts', 'test/tokens/access.test.ts', [
    ['JW-01', 'known?.text === text', 'known', 'cannot be taken for another token'],
    ['JW-17', 'old = young\n', 'for (const [key, kept] of young) old.set(key, kept)\n', 'is bounded for what is not'],
  ]),
  ...faults('src/tokens/refresh.ts', 'test/tokens/refresh.test.ts', [
    ['RT-07', 'equal(proof, proofOf(own.key, sid, counter, seed))', 'proof.slice(0, 42) === proofOf(own.key, sid, counter, seed).slice(0, 42)', 'with any one character different'],
    ['RT-07', 'named.find(({ name }) => name.equals(token.subarray(0, KEY_BYTES)))', 'named[0]', 'with any one character different'],
    ['RT-07', '${sid}.${counter}.${seed}', '${sid}.${seed}', 'of another session, another counter'],
  ]),
  ...faults('src/tokens/encryption.ts', 'test/tokens/encryption.test.ts', [
    ['JW-21', "protectedHeader.cty !== 'JWT' || ", '', 'with no cty is refused'],
    ['JW-21', "'zip' in protectedHeader || ", '', 'a bomb of compressed text'],
    ['JW-21', 'token.length > MAX_ENCRYPTED || ', '', 'more than is ever made is none'],
    ['JW-06', ' || !isCanonical(token)', '', 'JW-06: with any one character different'],
  ]),
  ...faults('src/strategies/jwt.ts', 'test/strategies/kinds.test.ts', [
    ['JW-14', 'if (session === null) return null\n      const via', 'const via', 'is good for nothing else'],
    ['JW-21', 'encrypt ? encryption(', 'true ? encryption(', 'is off unless it is asked for'],
    ['JW-21', 'sealed ? sealed.opened(', "sealed && token.split('.').length === 5 ? sealed.opened(", 'is off unless it is asked for'],
  ]),
  ...faults('src/strategies/hybrid.ts', 'test/strategies/kinds.test.ts', [
    ['JW-14', 'if (claims.session !== null) return null', '', 'is good for nothing else'],
  ]),
  ...faults('src/strategies/jwt.ts', 'test/strategies/tokens.test.ts', [
    ['TE-09', "id: claims.sid as Session['id']", "id: claims.jti as Session['id']", 'TE-09: ends with its session in every spelling'],
  ]),
  ...faults('src/tokens/carried-token.ts', 'test/strategies/tokens.test.ts', [
    ['JW-23', 'authorization !== null && authorization !== undefined', "authorization?.startsWith('Bearer ey')", 'JW-23: one credential a request'],
  ]),
  ...faults('src/flows/judge.ts', 'test/strategies/tokens.test.ts', [
    ['JW-10', "&& timeliness(claims, now, { leeway, ahead: CLOCKS_MS }) !== 'early'", '', 'JW-10: is not from the future'],
  ]),
  ...faults('src/flows/judge.ts', 'test/strategies/remembered.test.ts', [
    ['KM-02', 'stands(kid, now) && ', '', 'KM-02: is refused when its key was removed'],
    ['AZ-02', 'claims.version !== user.version && !renewing', 'false', 'AZ-02: is stale when the roles'],
    ['AZ-02', 'claims.version !== user.version ||', 'false ||', 'AZ-02: is stale when the roles'],
  ]),
  ...faults('src/tokens/access-reader.ts', 'test/strategies/remembered.test.ts', [
    ['JW-01', 'if (!verify(key, parsed.input, parsed.signature)) return FORGED', '', 'JW-01: cannot be poisoned'],
  ]),
]
