import { StoreUnavailable } from '../index.ts'
import type { Settings } from '../server/config.ts'
import { type Held, inspect } from '../server/inspect.ts'
import { openStore } from '../server/open.ts'
import { print } from './output.ts'
import { configuration } from './with-auth.ts'

/** `migrate`. */
export async function migrate({ json }: { readonly json?: boolean }): Promise<void> {
  const configured = await configuration()
  const before = await looked(configured)
  const { source } = (await openStore(configured)).users
  try {
    await source.open()
  } finally {
    await source.close()
  }
  const { kind, where } = configured.database
  const place = kind === 'sqlite' ? { file: where } : { where }
  const applied = before?.pending ?? null
  print(json, { database: kind, ...place, made: before === null, applied, upToDate: true }, () => {
    if (before === null) return `${where} is up to date: its tables were made`
    if (!applied) return `${where} is up to date`
    return `${where} is up to date: ${applied === 1 ? 'one migration was' : `${applied} migrations were`} applied`
  })
}

/** What was there before; undefined when there was no looking at it, which need not keep it from being brought up to date. */
async function looked(configured: Settings): Promise<Held | null | undefined> {
  try {
    return (await inspect(configured, [])).held
  } catch (fault) {
    if (fault instanceof StoreUnavailable) return undefined
    throw configured.blame(fault)
  }
}
