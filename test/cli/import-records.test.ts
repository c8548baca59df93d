import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ORIGINS, type Origin } from '../../src/cli/import/columns.ts'
import { delimiterOf, fieldsOf } from '../../src/cli/import/csv.ts'
import { fingerprint } from '../../src/cli/import/fingerprint.ts'
import { personOf } from '../../src/cli/import/person.ts'
import { recordsOf, textOf } from '../../src/cli/import/records.ts'
import { moment, truth, words } from '../../src/cli/import/values.ts'
import { foreignRecord } from '../../src/credentials/password/foreign.ts'
import { ARGON2I, DJANGO, FIREBASE, LARAVEL } from '../credentials/password/foreign-samples.ts'

const { hash: FIREBASE_HASH, salt: FIREBASE_SALT, ...PROJECT } = FIREBASE

const person = (from: Origin, record: Record<string, unknown>) =>
  personOf(record, { columns: ORIGINS[from], firebase: from === 'firebase' ? PROJECT : null, roles: null })

const keycloak = (credentialData: object, secretData: object) => [
  { type: 'otp', secretData: '{}' },
  { type: 'password', credentialData: JSON.stringify(credentialData), secretData: JSON.stringify(secretData) },
]

async function* chunked(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0
  for (let i = 0; at < bytes.length; i += 1) {
    const size = sizes[i % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

describe('what others export', () => {
  const MADE = Date.UTC(2023, 4, 6, 7, 8, 9)
  const SALT = 'AAECAwQFBgcICQoLDA0ODw=='

  it.each<[Origin, Record<string, unknown>, Record<string, unknown>]>([
    [
      'auth0',
      {
        ...{ _id: { $oid: '5f7c8ec7c33c6c004bbafe82' }, email: 'a@example.com', email_verified: true, name: 'Ann' },
        ...{ passwordHash: LARAVEL, created_at: '2023-05-06T07:08:09.000Z', blocked: true },
      },
      {
        id: '5f7c8ec7c33c6c004bbafe82',
        emailVerified: true,
        name: 'Ann',
        status: 'locked',
        createdAt: MADE,
        password: LARAVEL,
      },
    ],
    [
      'firebase',
      {
        ...{
          localId: 'Zk1',
          email: 'a@example.com',
          emailVerified: false,
          displayName: 'Ann',
          createdAt: String(MADE),
        },
        ...{ passwordHash: FIREBASE_HASH, salt: FIREBASE_SALT },
      },
      { id: 'Zk1', emailVerified: false, status: 'active', createdAt: MADE, password: { firebase: FIREBASE } },
    ],
    [
      'django',
      {
        ...{ id: '12', email: 'a@example.com', first_name: 'Ann', last_name: 'A', is_active: 'f', password: DJANGO },
        date_joined: '2023-05-06 09:08:09.123456+02',
      },
      { id: '12', name: 'Ann A', status: 'locked', createdAt: MADE + 123, password: DJANGO },
    ],
    [
      'laravel',
      {
        id: 3,
        email: 'a@example.com',
        name: 'Ann',
        email_verified_at: null,
        password: LARAVEL,
        created_at: '2023-05-06 07:08:09',
      },
      { id: '3', emailVerified: false, createdAt: MADE, password: LARAVEL },
    ],
    [
      'devise',
      {
        email: 'a@example.com',
        encrypted_password: LARAVEL,
        confirmed_at: '2023-05-06 07:08:09 UTC',
        locked_at: '',
        created_at: '2023-05-06 07:08:09 UTC',
      },
      { emailVerified: true, status: 'active', createdAt: MADE, password: LARAVEL },
    ],
    [
      'keycloak',
      {
        ...{ id: '0f1e2d3c-0000-4000-8000-000000000001', email: 'a@example.com', firstName: 'Ann', lastName: 'A' },
        ...{ emailVerified: true, enabled: true, createdTimestamp: MADE },
        credentials: keycloak(
          { hashIterations: 27_500, algorithm: 'pbkdf2-sha256' },
          { value: 'aGFzaA==', salt: SALT },
        ),
      },
      {
        ...{ id: '0f1e2d3c-0000-4000-8000-000000000001', name: 'Ann A', status: 'active', createdAt: MADE },
        password: { pbkdf2: { digest: 'sha256', iterations: 27_500, salt: SALT, hash: 'aGFzaA==' } },
      },
    ],
    [
      'supabase',
      {
        ...{ id: '0f1e2d3c-0000-4000-8000-000000000001', email: 'a@example.com', encrypted_password: LARAVEL },
        ...{ email_confirmed_at: '2023-05-06 07:08:09+00', raw_user_meta_data: '{"full_name":"Ann"}' },
        created_at: '2023-05-06 07:08:09.5+00',
      },
      { emailVerified: true, name: 'Ann', status: 'active', createdAt: MADE + 500, password: LARAVEL },
    ],
  ])('%s', (from, record, expected) => {
    const found = person(from, record)
    expect(found).toMatchObject({ email: 'a@example.com', ...expected })
    if ('why' in found || found.password === undefined) throw new Error('no password')
    const made = foreignRecord(found.password)
    expect('record' in made || from === 'keycloak').toBe(true)
  })

  it('Keycloak 26: argon2id, whose parts become a record', () => {
    const [, , , cost = '', salt = '', hash = ''] = ARGON2I.split('$')
    const parameters = { type: ['i'], memory: ['4096'], parallelism: ['1'], version: ['1.3'], hashLength: ['32'] }
    const data = { hashIterations: 3, algorithm: 'argon2', additionalParameters: parameters }
    const record = { email: 'a@example.com', credentials: keycloak(data, { value: `${hash}=`, salt: `${salt}==` }) }
    expect(cost).toBe('m=4096,t=3,p=1')
    expect(person('keycloak', record)).toMatchObject({ password: ARGON2I })
    const md5 = keycloak({ hashIterations: 1, algorithm: 'md5' }, { value: 'x', salt: 'y' })
    expect(person('keycloak', { email: 'a@example.com', credentials: md5 })).toEqual({
      why: expect.stringMatching(/^the password is of no kind/),
    })
  })

  it('who has no password has none: Django’s unusable ones, other sign-ins of Firebase and Keycloak', () => {
    for (const found of [
      person('django', { email: 'a@example.com', password: '!xyz' }),
      person('firebase', { email: 'a@example.com' }),
      person('keycloak', { email: 'a@example.com', credentials: [] }),
      person('sallyport', { email: 'a@example.com', hash: '' }),
    ]) {
      expect(found).not.toHaveProperty('password')
      expect(found).not.toHaveProperty('why')
    }
  })

  it('fields of the application: an object, or columns of their own', () => {
    expect(person('sallyport', { email: 'a@example.com', fields: { rank: 1 } })).toMatchObject({ fields: { rank: 1 } })
    const columns = { email: 'a@example.com', 'fields.rank': '1', 'fields.empty': '' }
    expect(person('sallyport', columns)).toMatchObject({ fields: { rank: '1' } })
  })
})

describe('values', () => {
  it.each<[unknown, number]>([
    [1_600_000_000_000, 1_600_000_000_000],
    ['1600000000', 1_600_000_000_000],
    ['2020-09-13', Date.UTC(2020, 8, 13)],
    ['2020-09-13 12:26', Date.UTC(2020, 8, 13, 12, 26)],
    ['2020-09-13T12:26:40.123456789Z', Date.UTC(2020, 8, 13, 12, 26, 40, 123)],
    ['2020-09-13 12:26:40-0530', Date.UTC(2020, 8, 13, 17, 56, 40)],
    ['13.9.2020', Number.NaN],
    ['2020-13-01', Number.NaN],
    ['soon', Number.NaN],
  ])('%j is the time %d', (text, expected) => {
    expect(moment(text)).toBe(expected)
  })

  it('what is so', () => {
    for (const yes of [true, 1, '1', 't', 'TRUE', 'yes', '2020-01-01', 1_600_000_000])
      expect(truth(yes), String(yes)).toBe(true)
    for (const no of [false, 0, '0', 'f', 'False', 'no', undefined]) expect(truth(no), String(no)).toBe(false)
  })

  it('roles, however they are parted', () => {
    for (const text of ['a b', 'a,b', 'a; b', 'a|b', '{a,b}', '["a","b"]', ['a', 'b']])
      expect(words(text)).toEqual(['a', 'b'])
  })
})

describe('CSV', () => {
  it('fields are those of RFC 4180', () => {
    expect(fieldsOf('a,"b, ""c""\nd",,e', ',')).toEqual(['a', 'b, "c"\nd', '', 'e'])
    expect(fieldsOf('', ',')).toEqual([''])
    expect(fieldsOf('"a"b,c', ',')).toBeNull()
    expect(fieldsOf('a"b,c', ',')).toBeNull()
    expect([delimiterOf('a;b;c'), delimiterOf('a\tb'), delimiterOf('a,b;c,d'), delimiterOf('a')]).toEqual([
      ';',
      '\t',
      ',',
      ',',
    ])
  })

  it('what was written is read, wherever the chunks end, with the number of its first line', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '🦊', ',', '"', '\n', ' ') })
    const table = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 })
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(table, sizes, fc.boolean(), async (rows, cut, isEnded) => {
        const lines = rows.map((row) => row.map((one) => `"${one.replaceAll('"', '""')}"`).join(','))
        const text = lines.join('\n') + (isEnded ? '\n' : '')
        const found: (readonly string[] | null)[] = []
        const numbers: number[] = []
        for await (const { bytes, line } of recordsOf(chunked(Buffer.from(text), cut), 'csv')) {
          found.push(fieldsOf(textOf(bytes) ?? '', ','))
          numbers.push(line)
        }
        expect(found).toEqual(rows)
        const firsts = lines.map((_, i) => 1 + lines.slice(0, i).join('\n').split('\n').length - (i === 0 ? 1 : 0))
        expect(numbers).toEqual(firsts)
      }),
      { seed: 1, numRuns: 200 },
    )
  })

  it('a line without an end, or a quote without one, is refused and not kept', async () => {
    const read = async (text: string) => {
      for await (const _ of recordsOf(chunked(Buffer.from(text), [65_536]), 'csv'));
    }
    await expect(read('a'.repeat(1_200_000))).rejects.toThrow(/^line 1 is longer than 1 MiB/)
    await expect(read(`a\n"${'b\n'.repeat(600_000)}`)).rejects.toThrow(/^line 2: a quote is opened and never closed/)
    expect(textOf(Buffer.from([0xff, 0x0a]))).toBeNull()
  })
})

describe('the fingerprint', () => {
  it('is of the bytes, however they came, and of all of them', async () => {
    const bytes = Buffer.from(Array.from({ length: 2_500_000 }, (_, i) => i % 251))
    const of = async (all: Uint8Array, size: number) => {
      const read = fingerprint()
      for await (const chunk of chunked(all, [size])) await read.add(chunk)
      return read.value()
    }
    const whole = await of(bytes, bytes.length)
    expect(await of(bytes, 99_991)).toBe(whole)
    for (const at of [0, 1_048_576, 2_499_999]) {
      const other = Buffer.from(bytes)
      other[at] = (other[at] ?? 0) ^ 1
      expect(await of(other, 262_144)).not.toBe(whole)
    }
    expect(await of(bytes.subarray(1), 262_144)).not.toBe(whole)
  })
})
