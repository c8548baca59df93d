import { describe, expect, it } from 'vitest'
import { decoys } from '../../../src/credentials/password/decoy.ts'
import { macKey } from '../../../src/crypto.ts'
import { FOREIGN } from './foreign-samples.ts'

const COST = { memory: 19_456, passes: 2 }
const KEY = macKey('a secret of at least thirty-two characters', 'decoys')
const names = Array.from({ length: 600 }, (_, i) => `nobody-${i}@example.com`)
const kindOf = (hash: string) =>
  hash.slice(0, hash.startsWith('$2') ? 6 : hash.lastIndexOf('$', hash.lastIndexOf('$') - 1))

describe('what strangers are measured by', () => {
  it('TH-08: is a hash of today where nothing was imported', () => {
    const drawn = decoys([], COST, KEY)
    for (const name of names.slice(0, 20)) expect(drawn(name).hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  it('TH-08: is of the imported kinds too, for one name always the same, for another secret others', () => {
    const imported = ['$2b$10', '$pbkdf2-sha256$i=600000']
    const drawn = names.map((name) => kindOf(decoys(imported, COST, KEY)(name).hash))
    const counts = new Map([...new Set(drawn)].map((kind) => [kind, drawn.filter((one) => one === kind).length]))
    expect([...counts.keys()].sort()).toEqual(
      ['$2b$10', '$argon2id$v=19$m=19456,t=2,p=1', '$pbkdf2-sha256$i=600000'].sort(),
    )
    for (const count of counts.values()) expect(count).toBeGreaterThan(140)
    expect(names.map((name) => kindOf(decoys(imported, COST, KEY)(name).hash))).toEqual(drawn)
    const other = macKey('another secret of at least thirty-two', 'decoys')
    expect(names.map((name) => kindOf(decoys(imported, COST, other)(name).hash))).not.toEqual(drawn)
  })

  it('TH-08: every kind that import prints can be written there, is readable, and costs a whole check', async () => {
    for (const [, kind] of Object.values(FOREIGN)) {
      const drawn = decoys([kind], COST, KEY)
      const some = names.map((name) => drawn(name)).filter(({ hash }) => hash.startsWith(kind))
      expect(some.length).toBeGreaterThan(200)
      for (const { algorithm, hash } of some.slice(0, 50)) expect(algorithm.isReadable(hash), hash).toBe(true)
      const [{ algorithm, hash }] = some as [(typeof some)[number]]
      expect(await algorithm.verify(hash, 'whatever', null)).toBe(false)
    }
  })

  it('what is no kind of record stops the start', () => {
    for (const strange of ['bcrypt', '$2b$', '$2b$15', '$scrypt$ln=30,r=8,p=1', '$md5$', '']) {
      expect(() => decoys([strange], COST, KEY), strange).toThrow(/^password\.imported has .*: write how/)
    }
  })
})
