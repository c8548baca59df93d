import { describe, expect, it } from 'vitest'
import { ConfigurationError, StoreUnavailable } from '../../src/index.ts'
import { postgres } from '../../src/postgres.ts'
import { faultOf, isRetriable } from '../../src/stores/sql/postgres/errors.ts'
import { statement } from '../../src/stores/sql/postgres/statement.ts'

const URL = 'postgres://app:hunter2@db.example:5432/app'

describe('what postgres() is given', () => {
  it.each([
    ['', 'nothing'],
    ['db.example/app', 'no scheme'],
    ['mysql://app:hunter2@db.example/app', 'another database'],
    ['postgres://app:hun#ter2@db.example/app', 'a password with a hash'],
    ['postgres://app:12/hunter2@db.example/app', 'a password with a slash'],
    ['postgres://app:12?hunter2@db.example/app', 'a password with a question mark'],
    ['postgres://app:hunter2@db.example:port/app', 'no port'],
  ])('LG-03: %j is refused, and not repeated: %s', (url) => {
    const thrown = caught(() => postgres(url))
    expect(thrown).toBeInstanceOf(ConfigurationError)
    expect(String(thrown)).toMatch(/write postgres:\/\/user:password@host:5432\/database/)
    expect(String(thrown)).not.toContain('unter2')
  })

  it.each(['', 'Sallyport', 'a-b', 'a"b', 'pg_catalog', '1a', 'a'.repeat(64)])(
    'SI-06: the schema %j is refused',
    (schema) => {
      expect(() => postgres(URL, { schema })).toThrow(/schema is not a plain name: write/)
    },
  )

  it.each([0, -1, 1.5, Number.NaN])('%d connections are refused', (connections) => {
    expect(() => postgres(URL, { connections })).toThrow(/connections is .*: write a whole number from 1/)
  })

  it('a patience that is no duration is refused', () => {
    expect(() => postgres(URL, { patience: 'soon' as never })).toThrow(/postgres\(\) patience/)
  })

  it('LG-03: before it is open every verb is unavailable, and says so without the password', async () => {
    const { users } = postgres(URL)
    const thrown = await users.find('x' as never).catch((error: Error) => error)
    expect(thrown).toBeInstanceOf(StoreUnavailable)
    expect(String(thrown)).toMatch(/db\.example:5432\/app is not open: call open\(\)/)
    expect(String(thrown)).not.toContain('hunter2')
  })
})

describe('a statement', () => {
  it('has numbered places, and one name wherever it is used', () => {
    const sql = 'SELECT a FROM b WHERE c = ? AND d = ? LIMIT ?'
    expect(statement(sql, ['x', 1, null])).toMatchObject({
      text: 'SELECT a FROM b WHERE c = $1 AND d = $2 LIMIT $3',
      values: ['x', 1, null],
    })
    expect(statement(sql, []).name).toBe(statement(sql, ['y']).name)
    expect(statement(`${sql} `, []).name).not.toBe(statement(sql, []).name)
  })

  it('SI-06: a NUL, which no text can hold, does not end it', () => {
    expect(statement('SELECT ?', ['anna\0', '\0', 'anna']).values).toEqual(['anna\ufffd', '\ufffd', 'anna'])
  })
})

describe('a fault', () => {
  const said = (code: string, severity: string | null = 'ERROR') =>
    Object.assign(new Error('Key (email)=(anna@example.org) already exists'), { code, ...(severity && { severity }) })

  it('LG-03: says of what kind it is, and nothing of what was to be stored', () => {
    const fault = faultOf(said('23505'))
    expect(fault).toBeInstanceOf(StoreUnavailable)
    expect(JSON.stringify([fault.message, fault.cause, fault.stack])).not.toContain('anna')
    expect(fault.cause).toEqual({ code: '23505' })
    expect(fault.message).toBe('the PostgreSQL database failed')
    expect(faultOf(said('ECONNREFUSED', null)).message).toBe('the PostgreSQL database cannot be reached')
    expect(faultOf(said('57P01', 'FATAL')).message).toBe('the PostgreSQL database cannot be reached')
  })

  it('of two that got in each other’s way is worth another try, and no other', () => {
    expect(['40001', '40P01', '55P03', '57014', '23505'].map((code) => isRetriable(said(code)))).toEqual([
      ...[true, true],
      ...[false, false, false],
    ])
  })
})

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return null
}
