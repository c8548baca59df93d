export { inspectSqlite, type SqliteInspection } from './stores/sql/sqlite/inspect.ts'
export { type SqliteOptions, sqlite } from './stores/sql/sqlite.ts'
