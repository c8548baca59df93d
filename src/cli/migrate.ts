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
  const { users, sessions } = await openStore(configured)
  try {
    await users.source.open()
    // There is nothing to bring up to date in Redis: its layout is made, or looked at.
    if (configured.redis) await sessions.source.open()
  } catch (fault) {
    throw configured.blame(fault)
  } finally {
    await users.source.close()
    await sessions.source.close()
  }
  const { kind, where } = configured.database
  const place = kind === 'sqlite' ? { file: where } : { where }
  const applied = before?.pending ?? null
  const beside = configured.redis && { redis: { where: configured.redis.where, upToDate: true } }
  print(json, { database: kind, ...place, made: before === null, applied, upToDate: true, ...beside }, () =>
    [`${where} is up to date${done(before === null, applied)}`, ...inRedis(configured.redis)].join('\n'),
  )
}

function done(made: boolean, applied: number | null): string {
  if (made) return ': its tables were made'
  if (!applied) return ''
  return `: ${applied === 1 ? 'one migration was' : `${applied} migrations were`} applied`
}

function inRedis(redis: Settings['redis']): readonly string[] {
  return redis ? [`Redis at ${redis.where} is of this version: there is nothing to migrate in it`] : []
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
