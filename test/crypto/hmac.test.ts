import { createHmac, createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { hmacSha256 } from '../../src/crypto/hmac.ts'

/** RFC 4231 sections 4.2, 4.3, 4.7 and 4.8: key, text and code. */
const VECTORS = [
  ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
  ['4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
  [
    'aa'.repeat(131),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  [
    'aa'.repeat(131),
    'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
    '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
  ],
] as const

it.each(VECTORS)('makes the codes of RFC 4231: %s', (key, text, code) => {
  const made = hmacSha256(createSecretKey(Buffer.from(key, 'hex')), text)
  expect(Buffer.from(made, 'binary').toString('hex')).toBe(code)
})

it('makes the same code as the stream, whatever key and text, one after the other', () => {
  const ascii = fc.string({ unit: 'binary-ascii', maxLength: 9000 })
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.array(ascii, { maxLength: 4 }), (bytes, texts) => {
      const key = createSecretKey(bytes)
      for (const text of [...texts, 'x'.repeat(8192), 'x'.repeat(8193)]) {
        expect(hmacSha256(key, text)).toBe(createHmac('sha256', key).update(text, 'latin1').digest('binary'))
      }
    }),
    { seed: 20_261_121, numRuns: 100 },
  )
})
