import { createServer } from 'node:http'
import { connect } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { headersOf } from '../../src/node.ts'
import { fixed } from '../support/property.ts'

describe('headers of a node:http request', () => {
  it('finds a header in any case, and nothing for one that did not come', () => {
    const headers = headersOf({ rawHeaders: ['HOST', 'a.example', 'Cookie', 'a=1', 'cookies', 'no'] })
    expect(headers.get('Host')).toBe('a.example')
    expect(headers.get('cookie')).toBe('a=1')
    expect(headers.get('authorization')).toBeNull()
    expect(headers.get('a.example')).toBeNull()
  })

  it('JW-23 CK-07: finds what comes with every request as it finds all others, in any case and beside names of the same length', () => {
    const names = [
      'cookie',
      'accept',
      'authorization',
      'cache-control',
      'user-agent',
      'connection',
      'origin',
      'custom',
      'usual-name',
      'authorisation',
    ]
    const cased = fc.tuple(fc.constantFrom(...names), fc.nat()).map(([name, bits]) => {
      return [...name].map((sign, i) => ((bits >> i) % 2 === 1 ? sign.toUpperCase() : sign)).join('')
    })
    const lines = fc.array(fc.tuple(cased, fc.constantFrom('', 'a', 'b')))
    const found = fc.property(lines, (lines) => {
      const headers = headersOf({ rawHeaders: lines.flat() })
      for (const name of names) {
        const values = lines.filter(([given]) => given.toLowerCase() === name).map(([, value]) => value)
        const expected = values.length === 0 ? null : values.join(name === 'cookie' ? '; ' : ', ')
        expect(headers.get(name)).toBe(expected)
        expect(headers.get(name.toUpperCase())).toBe(expected)
      }
    })
    fc.assert(found, fixed())
  })

  it('JW-23: keeps both of two Authorization headers that came over a socket, so that they are refused', async () => {
    const headers = await received('Authorization: Bearer a\r\nauthorization: Bearer b\r\n')
    expect(headers.get('authorization')).toBe('Bearer a, Bearer b')
  })

  it('CK-07: joins cookie lines with a semicolon', async () => {
    const headers = await received('Cookie: a=1\r\nCookie: a=2\r\n')
    expect(headers.get('cookie')).toBe('a=1; a=2')
  })
})

function received(lines: string): Promise<ReturnType<typeof headersOf>> {
  return new Promise((resolve, reject) => {
    const server = createServer((incoming, outgoing) => {
      resolve(headersOf(incoming))
      outgoing.end()
      server.close()
    })
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      const socket = connect(port, '127.0.0.1', () => socket.end(`GET / HTTP/1.1\r\nHost: a.example\r\n${lines}\r\n`))
      socket.on('error', reject).resume()
    })
  })
}
