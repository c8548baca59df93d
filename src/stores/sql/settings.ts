import type { Changed, Kept, Settings, Source } from '../../store.ts'
import type { Fields } from '../../user.ts'
import { alone, type Driver, one, type Work } from './driver.ts'
import { append, tail } from './feed-append.ts'
import { parse } from './json.ts'

type Row = { readonly version: number; readonly value: string }

const POLICY = 'policy'

const FIND = 'SELECT version, value FROM settings WHERE name = ?'
const ADD = `INSERT INTO settings (name, version, value) VALUES (?, 1, ?) ON CONFLICT DO NOTHING RETURNING version, value`
const REPLACE = `UPDATE settings SET version = version + 1, value = ?
  WHERE name = ? AND version = ? RETURNING version, value`

export function settingsPort(driver: Driver, source: Source): Settings {
  return {
    source,
    async findPolicy() {
      const row = await driver.one<Row>(FIND, POLICY)
      return row ? keptOf(row) : null
    },
    replacePolicy: (expected, value) => driver.write(() => replace(expected, value)),
  }
}

function* replace(expected: number, given: Fields): Work<Changed<Kept>> {
  yield* alone(`setting ${POLICY}`)
  const text = JSON.stringify(given)
  const row = expected === 0 ? yield* one<Row>(ADD, POLICY, text) : yield* one<Row>(REPLACE, text, POLICY, expected)
  if (!row) return { value: null, position: yield* tail() }
  const value = keptOf(row)
  return { value, position: yield* append({ kind: 'policy', ...value }) }
}

function keptOf({ version, value }: Row): Kept {
  return { version, value: parse<Fields>(value) }
}
