import { StoreUnavailable } from './errors.ts'

/** The way into a store: verbs come in while it is open, and it closes when they have come out again. */
export type Entrance = {
  /** The verbs, which throw `StoreUnavailable` while the store is not open. What is no function stays as it is. */
  into<V extends object>(verbs: V): V
  /** Ports, with all their verbs. */
  ports<P extends object>(ports: P): P
  /** Opens when the work is done. Idempotent; a store that is being closed is opened after that. */
  open(work: () => Promise<void>): Promise<void>
  /** Nobody comes in any more; does the work when everything is answered that was asked before. */
  close(work: () => void | Promise<void>): Promise<void>
}

/** @param where what is not open, for people. */
export function entrance(where: string): Entrance {
  const inside = new Set<Promise<unknown>>()
  let isOpen = false
  let opening: Promise<void> | null = null
  let closing: Promise<void> | null = null

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

  async function begin(work: () => Promise<void>): Promise<void> {
    await work()
    isOpen = true
  }

  async function end(work: () => void | Promise<void>): Promise<void> {
    await opening?.catch(() => {})
    isOpen = false
    await Promise.allSettled(inside)
    await work()
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
    async open(work) {
      await closing?.catch(() => {})
      if (isOpen) return
      opening ??= begin(work).finally(() => {
        opening = null
      })
      await opening
    },
    close(work) {
      isOpen = false
      closing ??= end(work).finally(() => {
        closing = null
      })
      return closing
    },
  }
}
