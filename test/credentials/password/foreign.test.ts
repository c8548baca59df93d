import { describe, expect, it } from 'vitest'
import { type ForeignHash, foreignRecord } from '../../../src/credentials/password/foreign.ts'
import { hashing, needsUpgrade, verifyPassword } from '../../../src/credentials/password/hash.ts'
import { type PasswordText, passwordText } from '../../../src/credentials/password/text.ts'
import { ARGON2I, DJANGO, FIREBASE, FOREIGN, LARAVEL, PASSWORD, PHC_SCRYPT } from './foreign-samples.ts'

const plain = hashing({})

function text(password: string): PasswordText {
  const read = passwordText(password)
  if (!read.ok) throw new Error(read.refusal.code)
  return read.value
}

function recordOf(hash: ForeignHash): string {
  const made = foreignRecord(hash)
  if ('why' in made) throw new Error(made.why)
  return made.record
}

function whyNot(hash: ForeignHash): string {
  const made = foreignRecord(hash)
  return 'why' in made ? made.why : 'accepted'
}

describe('a hash that was made elsewhere', () => {
  it.each(Object.entries(FOREIGN))(
    'PW-12: %s: knows its password, no other, and is to be replaced',
    async (_, [hash, kind]) => {
      const made = foreignRecord(hash)
      expect(made).toEqual({ record: expect.stringMatching(/^\$/), kind })
      const record = recordOf(hash)
      expect(await verifyPassword(record, text(PASSWORD), plain)).toBe('good')
      for (const other of [`${PASSWORD} `, PASSWORD.toUpperCase(), PASSWORD.slice(1), '']) {
        expect(await verifyPassword(record, text(other), plain)).toBe('wrong')
      }
      expect(needsUpgrade(record, plain)).toBe(true)
    },
  )

  it('PW-12: Firebase: knows its password, and the key of the project is not in the record', async () => {
    const record = recordOf({ firebase: FIREBASE })
    expect(await verifyPassword(record, text('user1password'), plain)).toBe('good')
    expect(await verifyPassword(record, text('user2password'), plain)).toBe('wrong')
    const bytes = Buffer.from(record.split('$').at(-1) ?? '', 'base64')
    expect(bytes).toHaveLength(64)
    for (const secret of [FIREBASE.signerKey, FIREBASE.hash]) {
      expect(bytes.equals(Buffer.from(secret, 'base64'))).toBe(false)
      expect(record).not.toContain(secret.slice(0, 20))
    }
    const other = recordOf({ firebase: { ...FIREBASE, signerKey: FIREBASE.signerKey.replace('j', 'k') } })
    expect(await verifyPassword(other, text('user1password'), plain)).toBe('wrong')
  })

  it('PW-12: bcrypt is checked as bcrypt does, by 72 bytes, also in the published vectors', async () => {
    const long = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789chars after 72 are ignored'
    const vectors = [
      ['U*U', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
      ['U*U*', '$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
      [long, '$2a$05$abcdefghijklmnopqrstuu5s2v8.iXieOjg/.AySBTTZIIVFJeBui'],
    ] as const
    for (const [password, hash] of vectors) {
      expect(await verifyPassword(recordOf(hash), text(password), plain), password).toBe('good')
    }
    const [, [, hash]] = [null, vectors[2]]
    expect(await verifyPassword(recordOf(hash), text(`${long.slice(0, 72)}something else`), plain)).toBe('good')
    expect(await verifyPassword(recordOf(hash), text(long.slice(0, 71)), plain)).toBe('wrong')
  })

  it('TH-10: is refused where one check would take long or much memory, with what is borne', () => {
    const costly: readonly (readonly [ForeignHash, RegExp])[] = [
      [LARAVEL.replace('$04$', '$15$'), /^the bcrypt hash .* costs more than a check may: a cost from 4 to 14$/],
      [LARAVEL.replace('$04$', '$03$'), /^the bcrypt hash/],
      [ARGON2I.replace('m=4096', 'm=262145'), /^the argon2i hash .* at most 262144 KiB/],
      [ARGON2I.replace('m=4096,t=3', 'm=262144,t=5'), /memory × passes at most 1048576 KiB$/],
      [
        ARGON2I.replace('$argon2i$', '$argon2id$').replace('t=3', 't=64').replace('m=4096', 'm=1048576'),
        /^the argon2id hash/,
      ],
      [PHC_SCRYPT.replace('ln=14', 'ln=19'), /^the scrypt hash .* at most 256 MiB/],
      [PHC_SCRYPT.replace('ln=14,r=8,p=1', 'ln=14,r=8,p=17'), /^the scrypt hash/],
      [PHC_SCRYPT.replace('ln=14,r=8,p=1', 'ln=17,r=8,p=3'), /N × r × p at most 2097152$/],
      [{ firebase: { ...FIREBASE, memoryCost: 40 } }, /^the firebase-scrypt hash/],
      [DJANGO.replace('$20000$', '$2000001$'), /^the pbkdf2 hash .* at most 2000000 iterations$/],
      [DJANGO.replace('$20000$', '$0$'), /^the pbkdf2 hash/],
    ]
    for (const [hash, why] of costly) expect(whyNot(hash), JSON.stringify(hash)).toMatch(why)
  })

  it('KM-08: is refused when it is of no known form, and no reason quotes it', () => {
    const strange = [
      '',
      'plain-text-password',
      '5f4dcc3b5aa765d61d8327deb882cf99',
      '{SSHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g=',
      '$1$saltsalt$qjXMvbEw8oaL.CzflDtaK/',
      '$argon2d$v=19$m=4096,t=3,p=1$22FTwgs9Gxjk7vpQh2PSZw$jZhiI3e7JjIkGHux2gXroc469H8VlKpX+fDd2kQP5Uw',
      'pbkdf2_sha1$20000$Zq3xRk7fYw2T$FeLHjHU7iezlRFjPH+6ehaL0mcuhDIew6nSaPmntcY4=',
      LARAVEL.slice(0, -1),
      `${LARAVEL}x`,
      `${LARAVEL.slice(0, 28)}/${LARAVEL.slice(29)}`,
      ARGON2I.replace('v=19', 'v=16'),
      DJANGO.slice(0, 40),
      DJANGO.replace('$20000$', '$2e4$'),
      PHC_SCRYPT.replace(/\$[^$]+$/, '$AAAA'),
    ]
    for (const hash of strange) {
      const why = whyNot(hash)
      expect(why, hash).toMatch(/^the (hash|\w[\w-]* hash) is/)
      if (hash.length > 8) expect(why).not.toContain(hash.slice(-8))
    }
    for (const broken of [
      { ...FIREBASE, hash: 'AAAA' },
      { ...FIREBASE, salt: '' },
      { ...FIREBASE, signerKey: '?' },
    ]) {
      expect(whyNot({ firebase: broken })).toBe('the hash is not written as its kind is')
    }
    expect(whyNot({ pbkdf2: { digest: 'sha256', iterations: 1000, salt: '§', hash: 'AAAA' } })).toMatch(
      /^the hash is not/,
    )
  })

  it('PW-13: an envelope of ours around it is refused: none was made with a pepper', async () => {
    const peppered = hashing({ pepper: 'a pepper of thirty-two characters' })
    const record = `v1,k=${peppered.peppers[0]?.id}${recordOf(LARAVEL)}`
    expect(await verifyPassword(record, text(PASSWORD), peppered)).toBe('malformed')
    expect(await verifyPassword(recordOf(LARAVEL), text(PASSWORD), peppered)).toBe('good')
  })
})
