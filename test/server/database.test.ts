import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { databaseOf, postgresModule } from '../../src/server/database.ts'
import { fixed } from '../support/property.ts'

const of = (url: string, options = {}) => databaseOf(url, options, '/folder')

/** What is said of the address, or of what is wrong with it. */
function said(url: string): string {
  try {
    return of(url).where
  } catch (fault) {
    return fault instanceof Error
      ? `${fault.message} ${fault.stack} ${JSON.stringify(fault)} ${String(fault.cause)}`
      : ''
  }
}

describe('an address of a PostgreSQL database', () => {
  it.each([
    ['postgres://auth:secret@db.example:5433/auth', 'db.example:5433/auth'],
    ['postgresql://auth:secret@db.example/auth', 'db.example/auth'],
    ['POSTGRES://db.example/auth', 'db.example/auth'],
    ['postgres://auth:secret@db.example/auth?sslmode=verify-full&password=secret', 'db.example/auth'],
    ['postgres:///auth', 'localhost/auth'],
    ['postgres:///auth?host=/var/run/postgresql&user=auth&password=secret', '/var/run/postgresql/auth'],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/auth', '/var/run/postgresql/auth'],
    ['postgres://auth:secret@[::1]:5432/auth', '[::1]:5432/auth'],
    ['postgres://auth:100%25@db.example/auth', 'db.example/auth'],
  ])('%s is told as %s', (url, where) => {
    expect(of(url)).toEqual({ kind: 'postgres', where, url, options: {} })
  })

  it('is told with the schema that was named', () => {
    expect(of('postgres://db/auth', { schema: 'tenant_a' }).where).toBe('db/auth (schema tenant_a)')
  })

  it.each([
    ['postgres:db', /is not the address of a PostgreSQL database: write postgres:\/\/user:password@host/],
    ['postgres://db:99999/auth', /is not the address/],
    ['postgres://auth:sec#ret@db/auth', /is not the address/],
    ['postgres://auth:12#ret@db/auth', /has a # or @ behind the host: write %23/],
    ['postgres://auth:12/ret@db/auth', /has a # or @ behind the host/],
    ['postgres://auth:12?ret@db/auth', /has a # or @ behind the host/],
  ])('%s is refused', (url, message) => {
    expect(() => of(url)).toThrow(message)
  })
})

describe('what is no database', () => {
  it.each([
    [
      'redis://db/0',
      /^DATABASE_URL begins with 'redis:', which is not supported: write postgres:\/\/ .*, or sqlite: .*; Redis is for sessions .* REDIS_URL$/,
    ],
    ['mysql://root:secret@db/auth', /begins with 'mysql:', which is not supported/],
    ['root:secret@db/auth', /^DATABASE_URL names no database: write postgres:/],
    ['"postgres://auth:secret@db/auth"', /names no file that can be/],
    [' postgres://auth:secret@db/auth', /names no file that can be/],
    ['sqlite:postgres://auth:secret@db/auth', /names no file that can be/],
  ])('%s', (url, message) => {
    expect(() => of(url)).toThrow(message)
    expect(said(url)).not.toContain('secret')
  })
})

it('KM-08: whatever the password is, and however it is written, nothing that is said holds it', () => {
  const password = fc.stringMatching(/^[ -~]{12,24}$/)
  fc.assert(
    fc.property(
      password,
      fc.constantFrom('postgres', 'postgresql', 'postgre', 'mysql'),
      fc.boolean(),
      (text, scheme, encode) => {
        const url = `${scheme}://auth:${encode ? encodeURIComponent(text) : text}@db.example:5432/auth`
        for (const given of [url, `'${url}'`, ` ${url}`]) expect(said(given)).not.toContain(text.slice(0, 10))
      },
    ),
    fixed(),
  )
})

it('the module of the store is there, with what a look needs', async () => {
  expect(await postgresModule()).toMatchObject({
    postgres: expect.any(Function),
    inspectPostgres: expect.any(Function),
  })
})
