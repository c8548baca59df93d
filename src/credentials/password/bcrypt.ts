import { absent, needs } from '../../peer.ts'
import type { Algorithm } from './algorithm.ts'
import { onSharedThread } from './shared-threads.ts'

/*
 * bcrypt as PHP, Ruby, Go, Node and others write it: $2b$<cost>$<22 characters of salt><31 of the tag>. `2a`, `2b` and `2y` are names of
 * the same function. It reads 72 bytes of a password and no more; what came in whole is hashed whole at the upgrade (PW-12).
 */

/** Each step doubles the time: 14 takes about a second and a half. */
const COST = { least: 4, most: 14 }

/** The last character of salt and tag stands for 2 and 4 bits: of any other there is no such hash. */
const RECORD = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{30}[.CGKOSWaeimquy26]$/

/** Only those have it who have records of this kind. */
export const BCRYPT_PACKAGE = '@node-rs/bcrypt'

let loading: Promise<typeof import('@node-rs/bcrypt') | null> | null = null

/** Once, also where it is not there: to look for it again would take its time at each sign-in (TH-08). */
function loaded() {
  loading ??= import('@node-rs/bcrypt').catch(absent(BCRYPT_PACKAGE)).catch((fault) => {
    loading = null
    throw fault
  })
  return loading
}

export const bcrypt: Algorithm = {
  name: 'bcrypt',
  prefix: '$2',
  limits: `a cost from ${COST.least} to ${COST.most}`,
  isReadable(record) {
    const cost = Number(RECORD.exec(record)?.[1] ?? Number.NaN)
    return cost >= COST.least && cost <= COST.most
  },
  needs: BCRYPT_PACKAGE,
  isThere: async () => (await loaded()) !== null,
  async verify(record, password) {
    const there = await loaded()
    if (there === null) throw needs('a bcrypt record', BCRYPT_PACKAGE)
    return onSharedThread(() => there.verify(password, record))
  },
  isCurrent: () => false,
}
