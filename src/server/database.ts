import { resolve } from 'node:path'
import { ConfigurationError } from '../index.ts'
import type { PostgresOptions } from '../postgres.ts'
import { demand } from './missing.ts'

/** Where everything is kept. */
export type Database =
  | {
      readonly kind: 'sqlite'
      /** The file. */
      readonly where: string
    }
  | {
      readonly kind: 'postgres'
      /** Host, port and database, and the schema if one was named: what may be told of the address. */
      readonly where: string
      /** The address as it was given, which may hold a password: to connect by, never to print. */
      readonly url: string
      readonly options: PostgresOptions
    }

const KNOWN = 'write postgres:// and the address of a PostgreSQL database, or sqlite: and the path of a file'

/**
 * The database behind `DATABASE_URL`: `postgres:` and an address, `sqlite:` and a path, or the path alone.
 * @param options how a PostgreSQL database is used
 * @param folder what paths are relative to
 * @throws ConfigurationError for what is neither; it quotes nothing that may be part of a password
 */
export function databaseOf(url: string, options: PostgresOptions, folder: string): Database {
  if (/^postgres(?:ql)?:/i.test(url)) {
    const where = `${whereOf(url)}${options.schema === undefined ? '' : ` (schema ${options.schema})`}`
    return { kind: 'postgres', where, url, options }
  }
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? [null, 'sqlite', url]
  if (scheme?.toLowerCase() !== 'sqlite') {
    // Before the colon of an address without scheme stands the name of a user, or the password of one.
    const said = rest.startsWith('//') ? `begins with '${scheme}:', which is not supported` : 'names no database'
    const beside = /^rediss?$/i.test(scheme ?? '') ? '; Redis is for sessions beside one of them, in REDIS_URL' : ''
    throw new ConfigurationError(`DATABASE_URL ${said}: ${KNOWN}${beside}`)
  }
  const path = rest.replace(/^\/\/(?=.)/, '')
  // Addresses with something in front of them, such as the quotes of a file of variables.
  if (path.includes('://')) throw new ConfigurationError(`DATABASE_URL names no file that can be: ${KNOWN}`)
  if (path === '' || path === ':memory:') {
    throw new ConfigurationError('DATABASE_URL names no file: write one, as in sqlite:/var/lib/auth/sallyport.db')
  }
  return { kind: 'sqlite', where: resolve(folder, path) }
}

const ADDRESS = 'write postgres://user:password@host:5432/database'

/** Never the password, nor a part of it that got into another place of the address. */
function whereOf(url: string): string {
  const address = URL.parse(url)
  if (!address || !/^[a-z]+:\/\//i.test(url)) {
    throw new ConfigurationError(`DATABASE_URL is not the address of a PostgreSQL database: ${ADDRESS}`)
  }
  if (address.hash !== '' || `${address.pathname}${address.search}`.includes('@')) {
    throw new ConfigurationError(
      'DATABASE_URL has a # or @ behind the host: write %23 %40 %2F %3F for # @ / ? in a user or password',
    )
  }
  const { host, pathname, searchParams } = address
  return `${searchParams.get('host') ?? (decoded(host) || 'localhost')}${decoded(pathname)}`
}

/** A folder with a socket is written with %2F. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/**
 * The module of the PostgreSQL store, loaded when it is wanted.
 * @throws ConfigurationError when the driver is not installed
 */
export async function postgresModule(): Promise<typeof import('../postgres.ts')> {
  demand('DATABASE_URL', 'pg')
  return import('../postgres.ts')
}
