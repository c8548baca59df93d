import type { Facts } from './facts.ts'
import { type Finding, orOk, warn } from './finding.ts'
import { HOUR, MINUTE, over, SECOND, span } from './span.ts'

/** Failures that cost nothing; from there on each doubles the wait (TH-02). */
const MOST_FREE = 10
/** Per source and ten minutes (TH-05). */
const MOST_PER_SOURCE = 200
/** To one address in an hour, whoever asks for them (RC-03). */
const MOST_MESSAGES = 20

/** How much guessing costs whoever tries it (TH rows). */
export function guessing({ given: { throttle = {} }, faulty }: Facts): readonly Finding[] {
  if (faulty.has('throttle')) return []
  const found: Finding[] = []
  const { free = 0, delay, cap, perSource } = throttle
  if (free > MOST_FREE) {
    const what = `throttle.free is ${free}: so many passwords of an account can be tried at full speed`
    found.push(warn(what, `write ${MOST_FREE} or less; 5 is usual`))
  }
  const [first, most] = [span(delay), span(cap)]
  if (first !== null && first < SECOND) {
    found.push(warn(`throttle.delay is ${delay}: guessing goes on nearly undelayed`, `write '1s' or more`))
  }
  if (most !== null && most < MINUTE) {
    found.push(warn(`throttle.cap is ${cap}: however often somebody failed, that is the longest wait`, `write '15m'`))
  }
  const window = span(perSource?.window)
  const rate = perSource && window ? (perSource.failures * 10 * MINUTE) / window : 0
  if (rate > MOST_PER_SOURCE) {
    const what = `throttle.perSource lets a source fail ${Math.round(rate)} times in ten minutes: one after the other, many accounts can be tried`
    found.push(warn(what, `write perSource: { failures: 50, window: '10m' }`))
  }
  const { perAddress = 0, window: hour } = throttle.mail ?? {}
  const messages = (perAddress * HOUR) / (span(hour) || HOUR)
  if (messages > MOST_MESSAGES) {
    const what = `throttle.mail lets anybody have ${Math.round(messages)} messages an hour sent to an address`
    found.push(warn(what, `write perAddress: ${MOST_MESSAGES} or less for '1h'; 5 is usual`))
  }
  return orOk(found, 'guessing is slowed by account and by source')
}

/** What can be made to fail by whoever it is meant to keep out. */
export function skipped({ given: { captcha }, faulty }: Facts): readonly Finding[] {
  if (captcha?.onFault !== 'allow' || faulty.has('captcha')) return []
  const what = 'captcha.onFault is allow: while whoever verifies does not answer, programs are taken for people'
  return [warn(what, `write 'refuse', or leave it out`)]
}

/** Of the memory of the machine, how much hashing may take. */
const SHARE = 0.5
/** How long the last in the queue may wait, milliseconds, at a hash of some 20 ms for 38 MiB of passes. */
const WAIT = 10 * SECOND
const MS_PER_KIB = 20 / 38_912

/** Whether the work that strangers can cause fits the machine (TH-10). */
export function hashingWork({ given: { password = {} }, machine, faulty }: Facts): readonly Finding[] {
  if (faulty.has('password')) return []
  const { memory = 19_456, passes = 2, queue = 64, concurrency = machine.cores } = password
  const atOnce = Math.min(concurrency, machine.cores)
  const found: Finding[] = []
  const bytes = atOnce * memory * 1024
  if (bytes > machine.memory * SHARE) {
    const what = `hashing takes up to ${Math.round(bytes / 1_048_576)} MiB at once, more than half of what this machine has: sign-ins can end the process`
    found.push(warn(what, 'write a smaller password.memory, or password.concurrency'))
  }
  const wait = (queue / atOnce) * memory * passes * MS_PER_KIB
  if (over(wait, WAIT)) {
    const what = `password.queue is ${queue}: the last in it waits some ${Math.round(wait / SECOND)} s for a hash, and holds up the others`
    found.push(warn(what, 'write a shorter one, so that overload is told at once'))
  }
  return orOk(found, 'hashing is bounded, and fits this machine')
}
