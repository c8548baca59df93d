import { StoreUnavailable } from './errors.ts'

/** The way into a store: verbs come in while it is open, and it closes when they have come out again. */
export type Entrance = {
  /** The verbs, which throw `StoreUnavailable` while the store is not open. What is no function stays as it is. */
  into<V extends object>(verbs: V): V
  /** Ports, with all their verbs. */
  ports<P extends object>(ports: P): P
  /** Opens when the work is done, unless it is open. */
  open(work: () => Promise<void>): Promise<void>
  /** Nobody comes in any more; does the work when everything is answered that was asked before, unless it is closed. */
  close(work: () => void | Promise<void>): Promise<void>
}

/** @param where what is not open, for people. */
export function entrance(where: string): Entrance {
  const inside = new Set<Promise<unknown>>()
  let isOpen = false
  /** Whether there is something to close. */
  let isUp = false
  let last: Promise<unknown> = Promise.resolve()

  /** Opening and closing come one after the other, in the order in which they were asked for. */
  function inTurn(step: () => Promise<void>): Promise<void> {
    const done = last.then(step)
    last = done.catch(() => {})
    return done
  }

  function entered<T>(verb: () => Promise<T>): Promise<T> {
    if (!isOpen) {
      return Promise.reject(new StoreUnavailable(`${where} is not open: call open() on the source of the store first`))
    }
    const answer = verb()
    const leave = () => void inside.delete(answer)
    inside.add(answer)
    answer.then(leave, leave)
    return answer
  }

  function into<V extends object>(verbs: V): V {
    const all = Object.entries(verbs).map(([name, verb]) => {
      return [name, typeof verb === 'function' ? (...given: unknown[]) => entered(() => verb(...given)) : verb]
    })
    return Object.fromEntries(all)
  }

  return {
    into,
    ports: <P extends object>(ports: P): P =>
      Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, into(port)])) as P,
    open: (work) =>
      inTurn(async () => {
        if (!isUp) await work()
        isUp = true
        isOpen = true
      }),
    close(work) {
      isOpen = false
      return inTurn(async () => {
        // What was still to be opened when this was asked for is open now.
        isOpen = false
        if (!isUp) return
        isUp = false
        await Promise.allSettled(inside)
        await work()
      })
    },
  }
}
