import type { RedisServer } from '../../redis.ts'
import { bad, type Finding, ok, warn } from './finding.ts'

/** Of the memory it may have, how much may be in use before it is said. */
const NEARLY_FULL = 0.8

/** As far as this a session's record is kept in one piece, which takes a fraction of the memory. */
const LISTPACK = { entries: 32, value: 64 }

/** Whether there is room, and nothing is thrown away to make some. */
export function memory({ where, policy, usedMemory, maxMemory, listpack }: RedisServer): readonly Finding[] {
  const found: Finding[] = []
  if (policy !== 'noeviction') {
    const what = `maxmemory-policy of ${where} is ${policy}: where memory runs out, it forgets who was signed out, and they are let in`
    found.push(bad(what, 'write maxmemory-policy noeviction; no server starts without'))
  }
  if (maxMemory === 0) {
    const instead = 'write a maxmemory below what the machine has: else the system ends Redis when there is none left'
    found.push(ok(`${where} takes as much memory as there is`, instead))
  } else if (usedMemory >= NEARLY_FULL * maxMemory) {
    const share = Math.round((100 * usedMemory) / maxMemory)
    const what = `${share} % of the memory that ${where} may have are in use: when it is full, sessions can end, and none can begin`
    found.push(warn(what, 'raise maxmemory, or shorten retention.ended'))
  }
  if (listpack && (listpack.entries < LISTPACK.entries || listpack.value < LISTPACK.value)) {
    const what = `hash-max-listpack-entries and -value of ${where} are ${listpack.entries} and ${listpack.value}: a session takes several times the memory`
    found.push(warn(what, `write ${LISTPACK.entries} and ${LISTPACK.value}, or more`))
  }
  return found
}

/** What is left of answered changes when the server ends. */
export function disk({ where, appendOnly, appendFsync, snapshots, isWritten }: RedisServer): readonly Finding[] {
  const failing = isWritten
    ? []
    : [bad(`${where} could not write its data to the disk`, 'see its log, and whether the disk is full')]
  return [...failing, ...kept()]

  function kept(): readonly Finding[] {
    const instead = 'write appendonly yes and appendfsync always'
    const tokens = 'self-contained tokens of before are refused'
    if (!appendOnly && snapshots === false) {
      const what = `appendonly of ${where} is off: a restart signs everybody out and forgets which sessions have ended; ${tokens}`
      return [bad(what, instead)]
    }
    if (!appendOnly) {
      const what = `appendonly of ${where} is off: a restart brings back the last snapshot if there is one, and with it sessions that have ended since; those that began since are gone; ${tokens}`
      return [bad(what, instead)]
    }
    if (appendFsync === null) {
      const what = `appendfsync of ${where} could not be checked, nor what else CONFIG tells: this user, or the service, does not allow it`
      return [warn(what, 'look there, or run doctor once with a user in REDIS_URL who may')]
    }
    if (appendFsync === 'always') return [ok(`what ${where} has answered is on its disk`)]
    const lost =
      appendFsync === 'everysec'
        ? 'endings of the last second may be lost with the machine'
        : 'endings of the last half minute or so may be lost with the machine'
    const what = `appendfsync of ${where} is ${appendFsync}: ${lost}, and their sessions go on; ${tokens}`
    return [appendFsync === 'everysec' ? warn(what, 'write appendfsync always') : bad(what, 'write appendfsync always')]
  }
}
