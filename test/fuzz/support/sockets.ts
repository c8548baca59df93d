import { connect } from 'node:net'
import { between, type Random, seeded } from '../../faults/support/random.ts'
import { words } from './texts.ts'

/** What one connection is sent: pieces, with a breath between them. */
export type Spoken = readonly string[]

/** How long a connection may stay silent before it is given up here, milliseconds: the server has its own patience. */
const SILENCE_MS = 800
const BREATH_MS = 5

/** Sends the bytes as they are. Answers with everything that came back until either side had enough. */
export function speak(port: number, pieces: Spoken, silence = SILENCE_MS): Promise<string> {
  return new Promise((resolve) => {
    let heard = ''
    const socket = connect(port, '127.0.0.1')
    socket.setTimeout(silence, () => socket.destroy())
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
    })
    socket.on('error', () => {})
    socket.on('close', () => resolve(heard))
    socket.on('connect', async () => {
      for (const piece of pieces) {
        if (socket.destroyed) return
        socket.write(Buffer.from(piece, 'latin1'))
        await new Promise((next) => setTimeout(next, BREATH_MS))
      }
    })
  })
}

const END = '\r\n\r\n'
const HOST = 'Host: localhost\r\n'
const get = (target: string, headers = '') => `GET ${target} HTTP/1.1\r\n${HOST}${headers}\r\n`
const post = (headers: string, body: string) => `POST /auth/sign-in HTTP/1.1\r\n${HOST}${headers}\r\n${body}`
const JSON_TYPE = 'Content-Type: application/json\r\n'
const SIGN_IN = '{"email":"a@example.com","password":"x"}'

/** What no client of good will sends. */
export const CRAFTED: readonly Spoken[] = [
  // Request lines.
  ...['', '\r\n', '\n\n\n', '\0'.repeat(100), 'GET', 'GET /', 'GET / HTTP', 'GET / HTTP/9.9', 'get / http/1.1'],
  ...[
    'GET  /livez  HTTP/1.1',
    'GET /livez\tHTTP/1.1',
    ' GET /livez HTTP/1.1',
    '\u0016\u0003\u0001\u0002',
    'PRI * HTTP/2.0',
  ],
  ...[`${'A'.repeat(5000)} / HTTP/1.1`, 'TRACE / HTTP/1.1', 'CONNECT localhost:1 HTTP/1.1', 'OPTIONS * HTTP/1.1'],
].map((line): Spoken => [`${line}\r\n${HOST}\r\n`])

const TARGETS: readonly Spoken[] = [
  ...words(
    '* // //evil.example/ /../livez /./livez /%00 /%zz /livez? /livez# \\livez /livez\\.. http://evil.example/livez',
  ),
  ...words('http:// http:///livez ftp://x/livez /livez;x=1 /LIVEZ /livez/ /auth//session /auth/%73ession ? # livez'),
  ...words('http://[::1/livez http://a:99999/ http://user:pass@localhost/livez /auth/sessions/%2e%2e/x'),
  `/${'a'.repeat(20_000)}`,
  `/auth/sessions?${'ended=true&'.repeat(700)}`,
  `/\u00ff\u00fe`,
].map((target): Spoken => [get(target)])

const HEADS: readonly Spoken[] = [
  get('/livez', 'Host: other\r\n'),
  `GET /livez HTTP/1.1${END}`,
  `GET /livez HTTP/1.0${END}`,
  ...['', 'a b', 'localhost:99999', '[::1', 'a@b', 'a/b', '%00', 'x'.repeat(300), '\u00e9', 'localhost, evil'].map(
    (host) => `GET /livez HTTP/1.1\r\nHost: ${host}${END}`,
  ),
  get('/auth/session', 'Authorization: Bearer a\r\nAuthorization: Bearer b\r\n'),
  get('/auth/session', `${'Cookie: sid=a\r\n'.repeat(500)}`),
  get('/auth/session', `X: ${'a'.repeat(40_000)}\r\n`),
  get('/auth/session', 'x: y\r\n'.repeat(3000)),
  get('/auth/session', 'No colon here\r\n'),
  get('/auth/session', ': no name\r\n'),
  get('/auth/session', 'Sp ace: x\r\n'),
  get('/auth/session', 'Folded: a\r\n b\r\n'),
  get('/auth/session', 'Null: a\0b\r\n'),
  get('/auth/session', 'Bare: a\nb: c\r\n'),
  get('/auth/session', 'Upgrade: websocket\r\nConnection: Upgrade\r\n'),
  get('/auth/session', 'Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x\r\n'),
  get('/auth/session', 'Connection: close, keep-alive, upgrade\r\n'),
  get('/auth/session/events', 'Last-Event-ID: 99999999999999999999\r\n'),
  get('/livez', 'Content-Length: 5\r\n'),
  get('/livez', 'Transfer-Encoding: chunked\r\n'),
].map((head): Spoken => [head])

const BODIES: readonly Spoken[] = [
  post(`${JSON_TYPE}Content-Length: 40\r\n`, SIGN_IN.slice(0, 10)),
  post(`${JSON_TYPE}Content-Length: 3\r\n`, SIGN_IN),
  post(`${JSON_TYPE}Content-Length: -1\r\n`, SIGN_IN),
  post(`${JSON_TYPE}Content-Length: 1e3\r\n`, SIGN_IN),
  post(`${JSON_TYPE}Content-Length: 0x10\r\n`, SIGN_IN),
  post(`${JSON_TYPE}Content-Length: 99999999999999999999\r\n`, SIGN_IN),
  post(`${JSON_TYPE}Content-Length: 1\r\nContent-Length: 40\r\n`, SIGN_IN),
  post(`${JSON_TYPE}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n`, '0\r\n\r\n'),
  post(`${JSON_TYPE}Transfer-Encoding: chunked, gzip\r\n`, '0\r\n\r\n'),
  post(`${JSON_TYPE}Transfer-Encoding: xchunked\r\n`, '0\r\n\r\n'),
  post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, 'zz\r\n'),
  post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, 'ffffffffffffffffff\r\n'),
  post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, '-1\r\n\r\n'),
  post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, `28;${'x'.repeat(20_000)}\r\n${SIGN_IN}\r\n0\r\n\r\n`),
  post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, `28\r\n${SIGN_IN}\r\n0\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`),
  post(`${JSON_TYPE}Content-Length: 200000\r\n`, '['.repeat(200_000)),
  post(`${JSON_TYPE}Expect: 100-continue\r\nContent-Length: 40\r\n`, ''),
  post(`${JSON_TYPE}Expect: nothing\r\nContent-Length: 40\r\n`, SIGN_IN),
  post(`${JSON_TYPE}Content-Encoding: gzip\r\nContent-Length: 40\r\n`, SIGN_IN),
].map((text): Spoken => [text])

const PIPELINES: readonly Spoken[] = [
  [get('/livez').repeat(50)],
  [`${get('/livez')}garbage${END}${get('/livez')}`],
  [post(`${JSON_TYPE}Content-Length: 40\r\n`, `${SIGN_IN}GET /auth/admin/users HTTP/1.1\r\n${HOST}\r\n`)],
  [...get('/livez')],
]

/** Good requests that a seed has spoilt: bytes changed, doubled, left out, or the whole torn in two. */
export function spoiltRequests(seed: number, count: number): readonly Spoken[] {
  const random = seeded(seed)
  const good = [
    get('/auth/session', `Cookie: sid=${'A'.repeat(64)}\r\nAccept: text/html\r\n`),
    get('/?return=/next', 'Sec-Fetch-Site: same-origin\r\nAccept: text/html\r\n'),
    post(`${JSON_TYPE}Content-Length: ${SIGN_IN.length}\r\n`, SIGN_IN),
    post(`${JSON_TYPE}Transfer-Encoding: chunked\r\n`, `28\r\n${SIGN_IN}\r\n0\r\n\r\n`),
  ]
  return Array.from({ length: count }, () => {
    let text = good[between(random, 0, good.length - 1)] as string
    for (let n = between(random, 1, 6); n > 0; n -= 1) text = mutated(text, random)
    const half = between(random, 0, text.length)
    return random() < 0.3 ? [text.slice(0, half), text.slice(half)] : [text]
  })
}

const INSERTS = [
  ...words('\r \n \r\n \0 : HTTP/1.1 GET , ; % \u00ff "'),
  ' ',
  '\t',
  'Content-Length: 7\r\n',
  'a'.repeat(9000),
]

function mutated(text: string, random: Random): string {
  const at = between(random, 0, text.length)
  const rest = text.slice(at)
  switch (between(random, 0, 4)) {
    case 0:
      return text.slice(0, at) + rest.slice(between(random, 1, 20))
    case 1:
      return text.slice(0, at) + String.fromCharCode(between(random, 0, 255)) + rest.slice(1)
    case 2:
      return text.slice(0, at) + (INSERTS[between(random, 0, INSERTS.length - 1)] as string) + rest
    case 3:
      return text + rest
    default:
      return text.slice(0, at)
  }
}

export const ALL_CRAFTED: readonly Spoken[] = [...CRAFTED, ...TARGETS, ...HEADS, ...BODIES, ...PIPELINES]
