import { DatabaseSync } from 'node:sqlite'
import { history } from './history.ts'

/** Amounts are cents. */
export type Account = { readonly number: number; readonly holder: string; readonly balance: number }
export type Entry = { readonly at: number; readonly text: string; readonly amount: number; readonly balance: number }
export type Transfer = {
  /** Once for a form: what is sent twice is done once. */
  readonly id: string
  readonly from: number
  readonly to: number
  readonly amount: number
  readonly text: string
}
export type Outcome = 'sent' | 'no_such_account' | 'own_account' | 'too_little'

/** Somebody to send money to when there is nobody else. */
export const GARDENS = 100_000

/** The books of the bank, in a file of its own. */
export function ledger(file: string) {
  const database = new DatabaseSync(file)
  database.exec(`PRAGMA journal_mode = wal;
    CREATE TABLE IF NOT EXISTS accounts (
      number INTEGER PRIMARY KEY, userId TEXT UNIQUE, holder TEXT NOT NULL, balance INTEGER NOT NULL CHECK (balance >= 0));
    CREATE TABLE IF NOT EXISTS entries (
      account INTEGER NOT NULL, transfer TEXT NOT NULL, at INTEGER NOT NULL, text TEXT NOT NULL,
      amount INTEGER NOT NULL, balance INTEGER NOT NULL, PRIMARY KEY (account, transfer));
    INSERT OR IGNORE INTO accounts VALUES (${GARDENS}, NULL, 'Harbour Gardens', 0)`)
  const byUser = database.prepare('SELECT number, holder, balance FROM accounts WHERE userId = ?')
  const open = database.prepare('INSERT INTO accounts (userId, holder, balance) VALUES (?, ?, 0)')
  const change = database.prepare('UPDATE accounts SET balance = balance + ? WHERE number = ? RETURNING balance')
  const write = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)')
  const done = database.prepare('SELECT 1 FROM entries WHERE account = ? AND transfer = ?')
  const balanceOf = database.prepare('SELECT balance FROM accounts WHERE number = ?')
  const list = database.prepare(
    'SELECT at, text, amount, balance FROM entries WHERE account = ? ORDER BY at DESC, rowid DESC LIMIT ?',
  )

  function book(account: number, transfer: string, at: number, text: string, amount: number): void {
    const { balance } = change.get(amount, account) as { balance: number }
    write.run(account, transfer, at, text, amount, balance)
  }

  function whole<T>(work: () => T): T {
    database.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      database.exec('COMMIT')
      return result
    } catch (error) {
      database.exec('ROLLBACK')
      throw error
    }
  }

  return {
    /** The account of somebody; the first time it is opened, with three months that never were. */
    accountOf(userId: string, holder: string): Account {
      const found = byUser.get(userId) as Account | undefined
      if (found) return found
      whole(() => {
        const number = Number(open.run(userId, holder).lastInsertRowid)
        for (const [n, { at, text, amount }] of history(Date.now()).entries())
          book(number, `history ${n}`, at, text, amount)
      })
      return byUser.get(userId) as Account
    },
    /** Newest first. */
    entries: (account: number, limit = 100_000) => list.all(account, limit) as unknown as readonly Entry[],
    balances(): ReadonlyMap<string, number> {
      const rows = database.prepare('SELECT userId, balance FROM accounts WHERE userId IS NOT NULL').all()
      return new Map(rows.map(({ userId, balance }) => [userId as string, balance as number]))
    },
    transfer({ id, from, to, amount, text }: Transfer): Outcome {
      return whole(() => {
        if (done.get(from, id)) return 'sent'
        if (from === to) return 'own_account'
        if (!balanceOf.get(to)) return 'no_such_account'
        if ((balanceOf.get(from) as { balance: number }).balance < amount) return 'too_little'
        const at = Date.now()
        book(from, id, at, `To ${to}: ${text}`, -amount)
        book(to, id, at, `From ${from}: ${text}`, amount)
        return 'sent'
      })
    },
  }
}
