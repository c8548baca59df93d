import { isIP } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CODES, ConfigurationError } from '../../src/errors.ts'
import type { SessionId } from '../../src/session.ts'
import { formatAddress, parseAddress } from '../../src/wire/address.ts'
import { readBearer } from '../../src/wire/bearer.ts'
import { type Cookie, readCookie, serializeCookie } from '../../src/wire/cookie.ts'
import { device } from '../../src/wire/device.ts'
import { parseJsonStrict } from '../../src/wire/json.ts'
import { proofOfOrigin } from '../../src/wire/origin.ts'
import { problem } from '../../src/wire/problem.ts'
import { returnTarget } from '../../src/wire/return-target.ts'
import { clientSource, sourceKey, trustedProxies } from '../../src/wire/source.ts'
import { safeText } from '../../src/wire/text.ts'
import { readSessionToken, sessionToken } from '../../src/wire/token.ts'

const RUNS = { seed: 20_261_120, numRuns: 3000 }
const NAME = '__Host-sid'

/** Texts made of the pieces that matter to one parser: they get further into it than random characters do. */
const made = (...pieces: string[]) =>
  fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((parts) => parts.join(''))
const anything = fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ maxLength: 200 }))

const OCTETS = Array.from({ length: 0x7f - 0x21 }, (_, n) => String.fromCharCode(0x21 + n)).filter(
  (c) => !'",;\\'.includes(c),
)
const value = fc.string({ unit: fc.constantFrom(...OCTETS), maxLength: 80 })
const other = fc
  .tuple(fc.constantFrom('a', 'theme', '__Host-sidx', 'x__Host-sid', '__host-sid', '$Version', ''), value)
  .map(([name, content]) => `${name}=${content}`)
const joint = fc.constantFrom(';', '; ', ' ;', ';\t', '; ; ', ',', ', ', ' ,\t')

describe('cookies', () => {
  it('CK-06: what is written is read back, whatever else is there', () => {
    const property = fc.property(
      value,
      fc.array(other, { maxLength: 5 }),
      fc.array(other, { maxLength: 5 }),
      (text, left, right) => {
        const written = serializeCookie({
          name: NAME,
          value: text,
          path: '/',
          httpOnly: true,
          secure: true,
          sameSite: 'lax',
        })
        const pair = written.split(';', 1)[0] ?? ''
        expect(readCookie([...left, pair, ...right].join('; '), NAME)).toEqual({ found: 'one', value: text })
      },
    )
    fc.assert(property, RUNS)
  })

  it('CK-06: what is written never holds more attributes than were asked for', () => {
    const part = fc.oneof(made('/', 'a', '; ', ';', 'Domain=x', '\r\n', '"', ',', ' ', '\\', '.', '-', '\0'), anything)
    const property = fc.property(part, part, part, part, (name, text, path, domain) => {
      const cookie: Cookie = { name, value: text, path, domain, httpOnly: true, secure: true, sameSite: 'lax' }
      try {
        const [pair, ...attributes] = serializeCookie(cookie).split('; ')
        expect(pair).toBe(`${name}=${text}`)
        expect(attributes).toEqual([`Domain=${domain}`, `Path=${path}`, 'Secure', 'HttpOnly', 'SameSite=Lax'])
        expect(serializeCookie(cookie)).toMatch(/^[\x20-\x7e]+$/)
      } catch (error) {
        if (!(error instanceof ConfigurationError || error instanceof RangeError)) throw error
      }
    })
    fc.assert(property, RUNS)
  })

  it('CK-07: a duplicate is a conflict in any order and join', () => {
    const own = fc
      .tuple(fc.constantFrom(NAME, ` ${NAME}`, `${NAME} `, `\t${NAME}\t`), value)
      .map(([name, text]) => `${name}=${text}`)
    const cookies = fc.tuple(fc.array(own, { minLength: 2, maxLength: 4 }), fc.array(other, { maxLength: 6 }))
    const shuffled = cookies.chain(([mine, others]) =>
      fc.shuffledSubarray([...mine, ...others], { minLength: mine.length + others.length }),
    )
    const property = fc.property(shuffled, fc.array(joint, { minLength: 10, maxLength: 10 }), (pairs, joints) => {
      const header = pairs.reduce((text, pair, index) => (index === 0 ? pair : `${text}${joints[index]}${pair}`), '')
      expect(readCookie(header, NAME)).toEqual({ found: 'many' })
    })
    fc.assert(property, RUNS)
  })

  it('CK-08, CK-09: agrees with the grammar, split step by step', () => {
    const trim = (text: string) => text.replace(/^[ \t]+|[ \t]+$/g, '')
    const plainly = (header: string) => {
      const values = header.split(';').flatMap((pair) => {
        const equals = pair.indexOf('=')
        return equals !== -1 && trim(pair.slice(0, equals)) === NAME ? [trim(pair.slice(equals + 1))] : []
      })
      if (values.length === 0) return { found: 'none' }
      return values.length === 1 ? { found: 'one', value: values[0] } : { found: 'many' }
    }
    const header = made(
      NAME,
      NAME,
      '__Host',
      '-sid',
      ';',
      '; ',
      '=',
      ' ',
      '\t',
      'a',
      '"',
      '\u00a0',
      '\v',
      '$Version=1',
      '%5F',
      '\0',
    )
    fc.assert(
      fc.property(header, (text) => {
        expect(readCookie(text, NAME)).toEqual(plainly(text))
      }),
      { ...RUNS, numRuns: 6000 },
    )
  })
})

describe('tokens', () => {
  it('JW-23: a bearer token is all that follows the scheme', () => {
    const header = fc.oneof(
      anything,
      made('Bearer', 'bearer', ' ', 'abc', ',', '=', '\t', '"', 'Basic', '.', '\u00a0', '\n', 'é'),
    )
    const property = fc.property(header, (text) => {
      const result = readBearer(text)
      expect(result.found).not.toBe('none')
      if (result.found !== 'one') return
      expect(result.token).toMatch(/^[A-Za-z0-9\-._~+/]+=*$/)
      expect(text.toLowerCase().replace(/^bearer +/, '')).toBe(result.token.toLowerCase())
    })
    fc.assert(property, RUNS)
  })

  it('SI-06: a session token is read back, and one changed in form is not', () => {
    const id = fc
      .uint8Array({ minLength: 16, maxLength: 16 })
      .map((bytes) => Buffer.from(bytes).toString('base64url') as SessionId)
    const property = fc.property(
      id,
      fc.nat(63),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
      (sid, at, character) => {
        const token = sessionToken(sid)
        expect(readSessionToken(token)).toBe(sid)
        const changed = token.slice(0, at) + character + token.slice(at + 1)
        if (/^[\w-]$/.test(character)) expect(readSessionToken(changed)).not.toBeNull()
        else expect(readSessionToken(changed)).toBeNull()
      },
    )
    fc.assert(property, RUNS)
  })
})

describe('origins and targets', () => {
  const allowed = new Set(['https://app.test', 'https://partner.test:8443'])
  const pieces = [
    'https:',
    'http:',
    '/',
    '//',
    '\\',
    'app.test',
    'evil.test',
    '@',
    ':',
    '443',
    '8443',
    'partner.test',
    '.',
    '..',
    '?',
  ]
  const tricks = [
    '#',
    '%2f',
    '%5c',
    '%09',
    '%2e',
    '\t',
    '\n',
    '\r',
    ' ',
    'javascript:',
    'null',
    ',',
    '\0',
    '\u00aa',
    '\u3002',
    'x',
  ]
  const reference = fc.oneof(made(...pieces, ...tricks), fc.webUrl(), anything)

  it('CS-03: what passes as own is exactly one own origin', () => {
    const property = fc.property(reference, (text) => {
      expect(['own', 'foreign']).toContain(proofOfOrigin({ secFetchSite: text, origin: text, referer: text }, allowed))
      if (proofOfOrigin({ origin: text }, allowed) === 'own') {
        expect(text).toMatch(/^https:\/\/(?:app\.test(?::443)?|partner\.test:8443)$/)
      }
      if (proofOfOrigin({ referer: text }, allowed) === 'own') expect(allowed).toContain(new URL(text).origin)
    })
    fc.assert(property, { ...RUNS, numRuns: 6000 })
  })

  it('CS-10: a target leads to an allowed origin from wherever it is followed, also when read twice', () => {
    const lead = fc.constantFrom('', '/', '/x', 'https://app.test', 'https://app.test/', 'https://partner.test:8443/')
    let followed = 0
    const property = fc.property(lead, reference, (start, rest) => {
      const target = returnTarget(start + rest, allowed)
      if (target === null) return
      followed += 1
      expect(target).toMatch(/^[\x21-\x7e]+$/)
      for (const base of ['https://app.test/', 'https://app.test/deep/page?x=1#y', 'https://app.test//z']) {
        const url = new URL(target, base)
        expect(allowed).toContain(url.origin)
        expect(url.username + url.password).toBe('')
        if (target.startsWith('/')) {
          expect(url.origin).toBe('https://app.test')
          expect(new URL(url.pathname, base).origin).toBe('https://app.test')
          expect(new URL(unescapeOnce(url.pathname), base).origin).toBe('https://app.test')
        }
      }
      expect(returnTarget(target, allowed)).toBe(target)
    })
    fc.assert(property, { ...RUNS, numRuns: 6000 })
    expect(followed).toBeGreaterThan(300)
  })

  function unescapeOnce(path: string): string {
    return path.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
  }
})

describe('addresses', () => {
  const v6 = fc.ipV6()
  const text = fc.oneof(
    v6,
    fc.ipV4(),
    made('::', ':', '0', '1', 'ffff', 'FFFF:', '10.0.0.1', '.', '256', 'g', '00001', '%eth0', ' '),
    anything,
  )

  it('TH-07: agrees with the platform on what an address is', () => {
    const property = fc.property(text, (candidate) => {
      expect(parseAddress(candidate) !== null).toBe(isIP(candidate) !== 0 && !candidate.includes('%'))
    })
    fc.assert(property, { ...RUNS, numRuns: 6000 })
  })

  it('TH-07: every address has one spelling', () => {
    const property = fc.property(v6, (candidate) => {
      const address = parseAddress(candidate)
      if (!address) throw new Error(`${candidate} is an address`)
      const spelled = formatAddress(address)
      expect(parseAddress(spelled)).toEqual(address)
      if (!spelled.includes('.')) expect(`[${spelled}]`).toBe(new URL(`http://[${candidate}]/`).hostname)
    })
    fc.assert(property, RUNS)
  })

  it('TH-07: addresses of one /64 share a key, those of two do not', () => {
    const groups = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
    const write = (parts: number[]) => parts.map((group) => group.toString(16)).join(':')
    const property = fc.property(groups, groups, (a, b) => {
      fc.pre(a.slice(0, 4).join() !== b.slice(0, 4).join() && a[0] !== 0 && b[0] !== 0)
      expect(sourceKey(write([...a.slice(0, 4), ...b.slice(4)]))).toBe(sourceKey(write(a)))
      expect(sourceKey(write(b))).not.toBe(sourceKey(write(a)))
    })
    fc.assert(property, RUNS)
  })

  it('TH-07: what a client sends along never moves the address that its own proxy reports', () => {
    const trusted = trustedProxies(['10.0.0.0/8', 'fd00::/8'])
    const client = fc.oneof(fc.ipV4(), v6).filter((ip) => !/^10\.|^fd|^0*:|^::|ffff/i.test(ip))
    const forged = fc.oneof(made('10.0.0.1', ',', ', ', '203.0.113.9', 'x', '"', 'for=', ':', '[', ']'), anything)
    const property = fc.property(
      client,
      forged,
      fc.array(fc.constantFrom('10.0.0.2', 'fd00::2'), { maxLength: 3 }),
      (ip, made, proxies) => {
        const address = parseAddress(ip)
        const expected = address && formatAddress(address)
        const forwardedFor = [made, ip, ...proxies].join(', ')
        expect(clientSource({ remote: '10.0.0.1', forwardedFor }, trusted).ip).toBe(expected)
        expect(
          clientSource({ remote: ip, forwardedFor: made, forwardedProto: made, forwardedHost: made }, trusted),
        ).toEqual({
          ip: expected,
          proto: null,
          host: null,
        })
      },
    )
    fc.assert(property, RUNS)
  })
})

describe('JSON', () => {
  const names = made('a', 'b', '\u00e9', '"', '\\', '/', '{', ',', ':', '😀').filter((name) => name !== '')
  const json = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom(null, true, 0, -1.5, 1e300, '', '\n"\\', '__proto__'),
      names,
      fc.array(tie('value'), { maxLength: 3 }),
      tie('object'),
    ),
    object: fc.dictionary(names, tie('value'), { maxKeys: 4 }),
  })).object
  /** The same name in another spelling. */
  const respelled = (name: string) =>
    `"${[...name].map((c) => (c.length === 1 ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c)).join('')}"`

  it('JW-18: reads every object as JSON.parse does', () => {
    const property = fc.property(json, fc.constantFrom(undefined, 1, '\t'), (object, indent) => {
      const text = JSON.stringify(object, null, indent)
      expect(parseJsonStrict(text)).toEqual({ ok: true, value: JSON.parse(text) })
    })
    fc.assert(property, RUNS)
  })

  it('JW-08: a repeated name is refused at any depth, place and spelling', () => {
    const property = fc.property(json, json, names, fc.boolean(), fc.boolean(), (one, two, name, escaped, inside) => {
      const { [name]: _a, ...before } = one
      const { [name]: _b, ...between } = Object.fromEntries(Object.entries(two).filter(([key]) => !(key in one)))
      const members = (object: object) => JSON.stringify(object).slice(1, -1)
      const again = escaped ? respelled(name) : JSON.stringify(name)
      const parts = [members(before), `${JSON.stringify(name)}:1`, members(between), `${again}:2`].filter(
        (part) => part !== '',
      )
      const object = `{${parts.join(',')}}`
      const text = inside ? `{"outer":[0,${object}]}` : object
      expect(() => JSON.parse(text)).not.toThrow()
      expect(parseJsonStrict(text)).toEqual({ ok: false, detail: 'A member name occurs twice' })
    })
    fc.assert(property, RUNS)
  })

  it('JW-18: never throws, and accepts nothing that JSON.parse refuses', () => {
    const text = fc.oneof(
      anything,
      made(
        '{',
        '}',
        '[',
        ']',
        '"',
        '"a"',
        ':',
        ',',
        '1',
        'null',
        '\\',
        '\\u0061',
        '\\ud800',
        ' ',
        '-',
        'e9',
        '{"a":1',
        '\ud800',
      ),
    )
    const property = fc.property(text, (candidate) => {
      const result = parseJsonStrict(candidate)
      if (result.ok) expect(result.value).toEqual(JSON.parse(candidate))
      else expect(result.detail).not.toBe('')
    })
    fc.assert(property, { ...RUNS, numRuns: 6000 })
  })
})

describe('words for people', () => {
  it('LG-04: safe text is bounded, plain, valid Unicode, and stays as it is', () => {
    const property = fc.property(anything, fc.nat(60), (text, max) => {
      const safe = safeText(text, max)
      expect(safe.length).toBeLessThanOrEqual(max)
      expect(safe).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
      expect(safe.isWellFormed()).toBe(true)
      expect(safeText(safe, max)).toBe(safe)
    })
    fc.assert(property, RUNS)
  })

  it('LG-04: a device is three short words', () => {
    const agent = fc.oneof(
      anything,
      made(
        'Mozilla/5.0 ',
        '(',
        ')',
        'Windows NT 10.0',
        '; ',
        'Version/1.',
        'Safari/',
        'GSA/',
        '1_',
        ' Edg/',
        '<b>',
        '/',
        'bot',
        '\x1b[',
      ),
    )
    const property = fc.property(agent, (userAgent) => {
      const words = Object.values(device(userAgent))
      expect(words).toHaveLength(3)
      for (const word of words) expect(word).toMatch(/^[A-Za-z0-9][A-Za-z0-9 ._+()-]{0,39}$/)
    })
    fc.assert(property, RUNS)
  })

  it('ER-03: no refusal puts anything from outside into a header', () => {
    const codes = Object.keys(CODES) as (keyof typeof CODES)[]
    const property = fc.property(
      fc.constantFrom(...codes),
      anything,
      fc.double(),
      fc.boolean(),
      (code, text, number, presented) => {
        const { headers } = problem({ code, detail: text, retryAfter: number, maxAge: number, presented }, text)
        expect(headers['Retry-After'] ?? '1').toMatch(/^[1-9]\d*$/)
        expect(headers['WWW-Authenticate'] ?? 'Bearer').toMatch(/^Bearer(?:,? [a-z_]+="[a-z0-9_]+")*$/)
      },
    )
    fc.assert(property, RUNS)
  })
})
