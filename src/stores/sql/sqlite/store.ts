import type { Store } from '../../../store.ts'
import { sqlFeed } from '../feed.ts'
import { sqlStore } from '../store.ts'
import { turns } from '../turns.ts'
import { sqliteDriver } from './driver.ts'

/** Each batch waits for the disk once, some 1 ms; fifty records take three times as long, two hundred ten times. */
const BATCH = 20

/**
 * The store of one file, answered by whichever thread calls it. To be opened once, and again after it was closed.
 * @param patience milliseconds.
 */
export function sqliteStore(file: string, patience: number): Store {
  const driver = sqliteDriver(file, patience)
  const { open, ping, close } = driver
  return sqlStore(driver, {
    name: 'sqlite',
    feed: sqlFeed(driver),
    batch: BATCH,
    open,
    ping,
    close,
    turn: turns(driver),
  })
}
