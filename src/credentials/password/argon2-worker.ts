import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import type { Answer, Call } from './argon2-threads.ts'

/*
 * The other end of `argon2-threads.ts`: one hash after the other.
 */

/** As `nice` has it: a third of the weight of what has none, so that nothing keeps people from signing in either. */
const NICE = 5

/**
 * Hashing gives way to whatever else wants a core: a request that is decided in microseconds is not to wait until a hash has used up its
 * slice. It takes what is left, which is all of it while there is nothing else. Only Linux has a priority for each thread.
 */
function giveWay(): void {
  try {
    if (process.platform === 'linux') setPriority(NICE)
  } catch {
    // Not allowed: it decides nothing.
  }
}

function computed(call: Call): string | boolean {
  if (call.verb === 'hash') return hashSync(call.password, call.options)
  return verifySync(call.record, call.password, call.secret && { secret: call.secret })
}

const port = parentPort
if (port) {
  const answer = (given: Answer) => port.postMessage(given)
  giveWay()
  port.on('message', ({ id, call }: { readonly id: number; readonly call: Call }) => {
    try {
      answer({ id, value: computed(call) })
    } catch (fault) {
      answer({ id, fault: fault instanceof Error ? fault.message : String(fault) })
    }
  })
  answer('ready')
}
