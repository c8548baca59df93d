export { inspectPostgres, type PostgresInspection, type PostgresServer } from './stores/sql/postgres/inspect.ts'
export { type PostgresOptions, postgres } from './stores/sql/postgres.ts'
