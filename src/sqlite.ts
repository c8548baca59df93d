export { type SqliteOptions, sqlite } from './stores/sql/sqlite.ts'
