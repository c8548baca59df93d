import { setPriority } from 'node:os'
import { type MessagePort, parentPort, receiveMessageOnPort } from 'node:worker_threads'
import { hashSync, verifySync } from '@node-rs/argon2'
import { systemClock } from '../../clock.ts'
import type { Answer, Asked, Call, Told } from './argon2-threads.ts'
import { telling } from './telling.ts'

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

function answered({ id, call }: Asked): Answer {
  try {
    return { id, value: computed(call) }
  } catch (fault) {
    return { id, fault: fault instanceof Error ? fault.message : String(fault) }
  }
}

/** What has come in since the thread has looked for it. */
function* arrived(port: MessagePort): Generator<Asked> {
  for (let one = receiveMessageOnPort(port); one; one = receiveMessageOnPort(port)) yield one.message as Asked
}

function begin(port: MessagePort): void {
  const tell = (told: Told) => port.postMessage(told)
  const done = telling<Answer>(tell)
  const { monotonic } = systemClock
  giveWay()
  port.on('message', (first: Asked) => {
    const asked = [first]
    for (let one = asked.shift(); one; one = asked.shift()) {
      const began = monotonic()
      const answer = answered(one)
      asked.push(...arrived(port))
      done(answer, { waiting: asked.length, began, now: monotonic() })
    }
  })
  tell('ready')
}

if (parentPort) begin(parentPort)
