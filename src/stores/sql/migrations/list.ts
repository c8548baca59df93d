import { first } from './0001-first.ts'
import { rotation } from './0002-rotation.ts'

/** A step from one schema to the next, applied once to every file, in order. Its text never changes afterwards. */
export type Migration = { readonly number: number; readonly name: string; readonly sql: string }

export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'first', sql: first },
  { number: 2, name: 'rotation', sql: rotation },
]
