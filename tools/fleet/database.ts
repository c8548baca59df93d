import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { findPostgres, type PostgresServer, postgresServer } from '../../test/support/postgres-server.ts'

export { findPostgres }

/** A PostgreSQL server for the time being, with a database for a user who owns that and nothing else. */
export type Database = { readonly url: string; close(): Promise<void> }

export async function database(): Promise<Database> {
  const server = await postgresServer({ fsync: true })
  try {
    return { url: await owned(server), close: server.close }
  } catch (error) {
    await server.close()
    throw error
  }
}

async function owned(server: PostgresServer): Promise<string> {
  const password = randomBytes(18).toString('base64url')
  const client = new pg.Client({ connectionString: server.url() })
  await client.connect()
  try {
    await client.query(`CREATE ROLE sallyport LOGIN PASSWORD '${password}'`)
    await client.query('CREATE DATABASE sallyport OWNER sallyport')
  } finally {
    await client.end()
  }
  return `postgres://sallyport:${password}@127.0.0.1:${server.port}/sallyport`
}
