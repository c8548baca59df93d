import { entrance } from '../../../entrance.ts'
import type { Source, Store } from '../../../store.ts'
import { sqlFeed } from '../feed.ts'
import { sqlStore } from '../store.ts'
import { turns } from '../turns.ts'
import { sqliteDriver } from './driver.ts'

/** Each batch waits for the disk once, some 1 ms; fifty records take three times as long, two hundred ten times. */
const BATCH = 20

/** The store of one file, answered by whichever thread calls it. @param patience milliseconds. */
export function sqliteStore(file: string, patience: number): Store {
  const driver = sqliteDriver(file, patience)
  const { into, ports, open, close } = entrance(driver.path)
  const source: Source = {
    name: 'sqlite',
    feed: sqlFeed(driver),
    batch: BATCH,
    ...into({ ping: driver.ping, turn: turns(driver) }),
    open: () => open(driver.open),
    close: () => close(driver.close),
  }
  return ports(sqlStore(driver, source))
}
