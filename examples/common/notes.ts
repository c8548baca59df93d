import { DatabaseSync } from 'node:sqlite'

export type Note = { readonly id: number; readonly text: string; readonly createdAt: number }

/** Notes of people, in a file of the application's own. */
export type Notes = {
  of(userId: string): readonly Note[]
  /** Null for what is no note: `{ text }` with one to 500 characters. */
  add(userId: string, given: unknown): Note | null
  /** Tells the notes of now, and again after every change, until it is stopped. */
  watch(userId: string, told: (notes: readonly Note[]) => void): () => void
}

export function notesIn(file: string): Notes {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode = wal;
    CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, userId TEXT NOT NULL, text TEXT NOT NULL, createdAt INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS notes_of ON notes (userId)`)
  const list = database.prepare('SELECT id, text, createdAt FROM notes WHERE userId = ? ORDER BY id DESC LIMIT 100')
  const insert = database.prepare('INSERT INTO notes (userId, text, createdAt) VALUES (?, ?, ?)')
  const watching = new Map<() => void, string>()
  const of = (userId: string) => list.all(userId) as unknown as Note[]

  return {
    of,
    add(userId, given) {
      const text = (given as { text?: unknown } | null)?.text
      if (typeof text !== 'string' || text.trim() === '' || text.length > 500) return null
      const createdAt = Date.now()
      const { lastInsertRowid } = insert.run(userId, text, createdAt)
      for (const [tell, whose] of watching) if (whose === userId) tell()
      return { id: Number(lastInsertRowid), text, createdAt }
    },
    watch(userId, told) {
      const tell = () => told(of(userId))
      watching.set(tell, userId)
      tell()
      return () => void watching.delete(tell)
    },
  }
}
