import * as first from './0001-first.ts'
import * as rotation from './0002-rotation.ts'
import * as turns from './0003-turns.ts'
import * as channel from './0004-channel.ts'
import * as erasing from './0005-erasing.ts'
import * as auditOrder from './0006-audit-order.ts'
import * as settings from './0007-settings.ts'
import * as listing from './0008-listing.ts'
import * as auditPosition from './0009-audit-position.ts'

/** The databases there is a text for. */
export type Language = 'sqlite' | 'postgres'

/** A step from one schema to the next, applied once to every database, in order. Its texts never change afterwards. */
export type Migration = { readonly number: number; readonly name: string } & Readonly<Record<Language, string>>

export const MIGRATIONS: readonly Migration[] = [
  { number: 1, name: 'first', sqlite: first.sqlite, postgres: first.postgres },
  { number: 2, name: 'rotation', sqlite: rotation.sqlite, postgres: rotation.postgres },
  { number: 3, name: 'turns', sqlite: turns.sqlite, postgres: turns.postgres },
  { number: 4, name: 'channel', sqlite: channel.sqlite, postgres: channel.postgres },
  { number: 5, name: 'erasing', sqlite: erasing.sqlite, postgres: erasing.postgres },
  { number: 6, name: 'audit-order', sqlite: auditOrder.sqlite, postgres: auditOrder.postgres },
  { number: 7, name: 'settings', sqlite: settings.sqlite, postgres: settings.postgres },
  { number: 8, name: 'listing', sqlite: listing.sqlite, postgres: listing.postgres },
  { number: 9, name: 'audit-position', sqlite: auditPosition.sqlite, postgres: auditPosition.postgres },
]
