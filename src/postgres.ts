export { type PostgresOptions, postgres } from './stores/sql/postgres.ts'
