import { describe, expect, it } from 'vitest'
import { ConfigurationError } from '../../src/errors.ts'
import { clientSource, sourceKey, trustedProxies } from '../../src/wire/source.ts'

const trusted = trustedProxies(['10.0.0.0/8', '192.0.2.7', 'fd00::/8', '2001:db8:ffff::1'])
const ip = (remote: string | null, forwardedFor?: string | null) => clientSource({ remote, forwardedFor }, trusted).ip

describe('clientSource', () => {
  it('TH-07: believes no header of an untrusted connection', () => {
    const forged = { forwardedFor: '198.51.100.1', forwardedProto: 'https', forwardedHost: 'evil.test' }
    for (const remote of ['203.0.113.9', '192.0.2.8', '11.0.0.1', '2001:db8:ffff::2']) {
      expect(clientSource({ remote, ...forged }, trusted)).toEqual({ ip: remote, proto: null, host: null })
      expect(clientSource({ remote, ...forged }, [])).toEqual({ ip: remote, proto: null, host: null })
    }
  })

  it('TH-07: Forwarded and X-Real-IP have no meaning', () => {
    const request = { remote: '10.0.0.1', forwarded: 'for=198.51.100.1', realIp: '198.51.100.1' }
    expect(clientSource(request, trusted).ip).toBe('10.0.0.1')
  })

  it.each([
    ['one proxy', '10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['what the client made up is left of it', '10.0.0.1', '1.1.1.1, 2.2.2.2, 203.0.113.9', '203.0.113.9'],
    ['a chain of trusted ones', '10.0.0.1', '1.1.1.1, 203.0.113.9, 192.0.2.7, 10.9.9.9', '203.0.113.9'],
    ['a trusted address the client made up', '10.0.0.1', '10.0.0.2, 203.0.113.9', '203.0.113.9'],
    ['only trusted ones', '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['no header', '10.0.0.1', null, '10.0.0.1'],
    ['an empty header', '10.0.0.1', '', '10.0.0.1'],
    ['no space', '10.0.0.1', '1.1.1.1,203.0.113.9', '203.0.113.9'],
    ['with a port', '10.0.0.1', '203.0.113.9:4711', '203.0.113.9'],
    ['IPv6', 'fd00::1', '2001:DB8:0:0::9', '2001:db8::9'],
    ['IPv6 in brackets', 'fd00::1', '[2001:db8::9]', '2001:db8::9'],
    ['IPv6 in brackets with a port', 'fd00::1', '[2001:db8::9]:4711', '2001:db8::9'],
    ['IPv4-mapped connection', '::ffff:10.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['IPv4-mapped connection, hex', '::ffff:a00:1', '203.0.113.9', '203.0.113.9'],
    ['IPv4-mapped hop', '10.0.0.1', '203.0.113.9, ::ffff:10.0.0.2', '203.0.113.9'],
  ])('TH-07: walks from the right: %s', (_, remote, header, expected) => {
    expect(ip(remote, header)).toBe(expected)
  })

  it.each([
    'unknown',
    '_hidden',
    'localhost',
    '203.0.113.9, nonsense',
    '203.0.113.9,',
    '203.0.113.9, ',
    '203.0.113.999',
    '0203.0.113.9',
    '203.0.113',
    '3405803785',
    '0xcb007109',
    '203.0.113.9/32',
    '203.0.113.9:',
    '203.0.113.9:port',
    '[203.0.113.9]',
    '[2001:db8::9',
    '2001:db8::9%eth0',
    '"203.0.113.9"',
    'for=203.0.113.9',
    '203.0.113.9 203.0.113.8',
    '::1::',
    '1:2:3:4:5:6:7',
    '1:2:3:4::5:6:7:8',
    '::1:2:3:4:5:6:7:8',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7:203.0.113.9',
    '9'.repeat(10_000),
  ])('TH-07: a malformed entry stops the walk where it is: %j', (header) => {
    expect(ip('10.0.0.1', header)).toBe('10.0.0.1')
    expect(ip('10.0.0.1', `1.1.1.1, ${header}, 10.0.0.2`)).toBe('10.0.0.2')
  })

  it('has no address where the connection has none, and believes nothing then', () => {
    const forged = { forwardedFor: '203.0.113.9', forwardedProto: 'https', forwardedHost: 'evil.test' }
    for (const remote of [null, undefined, '', '@', '/run/app.sock']) {
      expect(clientSource({ remote, ...forged }, trusted)).toEqual({ ip: null, proto: null, host: null })
    }
  })

  it('writes addresses in one spelling', () => {
    expect(ip('::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(ip('2001:0DB8:0000:0000:0001:0000:0000:0001')).toBe('2001:db8::1:0:0:1')
    expect(ip('fe80::1%eth0')).toBe('fe80::1')
    expect(ip('::')).toBe('::')
    expect(ip('::1')).toBe('::1')
    expect(ip('1::')).toBe('1::')
    expect(ip('1:0:2:3:4:5:6:7')).toBe('1:0:2:3:4:5:6:7')
  })

  it.each([
    ['https', 'https'],
    ['HTTPS', 'https'],
    ['http', 'http'],
    ['https, https', 'https'],
    ['https, http', 'http'],
    ['http, https', 'http'],
    ['wss', null],
    ['https, nonsense', null],
    ['', null],
    [null, null],
  ])('CK-12: X-Forwarded-Proto %j of a trusted proxy is %j', (forwardedProto, proto) => {
    expect(clientSource({ remote: '10.0.0.1', forwardedProto }, trusted).proto).toBe(proto)
    expect(clientSource({ remote: '203.0.113.9', forwardedProto }, trusted).proto).toBeNull()
  })

  it.each([
    ['App.Test', 'app.test'],
    ['app.test:8443', 'app.test:8443'],
    ['[2001:db8::1]:8443', '[2001:db8::1]:8443'],
    ['app.test, evil.test', null],
    ['app.test/path', null],
    ['user@app.test', null],
    ['app.test\r\nX: y', null],
    ['', null],
    [null, null],
  ])('X-Forwarded-Host %j of a trusted proxy is %j', (forwardedHost, host) => {
    expect(clientSource({ remote: '10.0.0.1', forwardedHost }, trusted).host).toBe(host)
  })
})

describe('trustedProxies', () => {
  it.each([
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['::/0', '2001:db8::1', true],
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/9', '10.127.255.255', true],
    ['10.0.0.0/9', '10.128.0.0', false],
    ['10.0.0.7/32', '10.0.0.7', true],
    ['10.0.0.7/32', '10.0.0.6', false],
    ['10.0.0.7', '::ffff:10.0.0.7', true],
    ['2001:db8::/33', '2001:db8:7fff::1', true],
    ['2001:db8::/33', '2001:db8:8000::1', false],
    ['2001:db8::1', '2001:db8::1', true],
    ['2001:db8::1/128', '2001:db8::2', false],
    ['::1', '127.0.0.1', false],
  ])('%s holds %s: %s', (entry, remote, holds) => {
    const { ip: found } = clientSource({ remote, forwardedFor: '198.51.100.1' }, trustedProxies([entry]))
    expect(found === '198.51.100.1').toBe(holds)
  })

  it.each([
    '',
    'loopback',
    'proxy.internal',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/08',
    '10.0.0.0/',
    '10.0.0/8',
    '10.0.0.0/8/8',
    '::/129',
    '::1%lo',
    ' 10.0.0.1',
    '10.0.0.0/1e1',
    '*',
  ])('TH-07: %j is refused by name', (entry) => {
    expect(() => trustedProxies(['10.0.0.1', entry])).toThrow(ConfigurationError)
    expect(() => trustedProxies([entry])).toThrow(`trustedProxies has ${JSON.stringify(entry)}`)
  })

  it('says how to write a range that was given by an address inside it', () => {
    expect(() => trustedProxies(['172.17.0.1/16'])).toThrow("write '172.17.0.0/16'")
    expect(() => trustedProxies(['2001:db8::1/32'])).toThrow("write '2001:db8::/32'")
  })
})

describe('sourceKey', () => {
  it('TH-07: groups IPv6 by /64 and leaves IPv4', () => {
    expect(sourceKey('203.0.113.9')).toBe('203.0.113.9')
    expect(sourceKey('::ffff:203.0.113.9')).toBe('203.0.113.9')
    expect(sourceKey('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64')
    expect(sourceKey('2001:DB8:1:2::1')).toBe('2001:db8:1:2::/64')
    expect(sourceKey('2001:db8:1:3::1')).toBe('2001:db8:1:3::/64')
    expect(sourceKey('::1')).toBe('::/64')
  })

  it.each([null, undefined, '', 'nonsense', '1.2.3'])('gives %j the shared key', (address) => {
    expect(sourceKey(address)).toBe('unknown')
  })
})
