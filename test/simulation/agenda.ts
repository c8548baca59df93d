/** Time as nobody in the simulation sees it: milliseconds from 0, the same for everybody. Events happen in its order. */
export type Agenda = {
  now(): number
  /** Lets `run` happen `ms` from now, unless it is called off. */
  after(ms: number, run: () => void): Event
  /** Lets everything happen that falls due until then, each with all that follows from it by promises before the next. */
  pass(until: number): Promise<void>
  /** Events so far. */
  count(): number
  /** Events so far, and those that are to come. */
  planned(): number
}

export type Event = { readonly at: number; readonly number: number; readonly run: () => void; off: boolean }

export function agenda(): Agenda {
  const heap: Event[] = []
  let now = 0
  let number = 0
  let count = 0

  function push(event: Event): void {
    let i = heap.length
    heap.push(event)
    while (i > 0) {
      const parent = (i - 1) >> 1
      const above = heap[parent] as Event
      if (!before(event, above)) break
      heap[i] = above
      i = parent
    }
    heap[i] = event
  }

  function pop(): Event {
    const first = heap[0] as Event
    const last = heap.pop() as Event
    const size = heap.length
    if (size === 0) return first
    let i = 0
    for (;;) {
      let child = 2 * i + 1
      if (child >= size) break
      if (child + 1 < size && before(heap[child + 1] as Event, heap[child] as Event)) child += 1
      if (!before(heap[child] as Event, last)) break
      heap[i] = heap[child] as Event
      i = child
    }
    heap[i] = last
    return first
  }

  return {
    now: () => now,
    count: () => count,
    planned: () => number,
    after(ms, run) {
      number += 1
      const event = { at: now + Math.max(0, ms), number, run, off: false }
      push(event)
      return event
    },
    async pass(until) {
      await drained()
      while (heap[0] && heap[0].at <= until) {
        const event = pop()
        if (event.off) continue
        now = event.at
        count += 1
        event.run()
        await drained()
      }
      now = Math.max(now, until)
    },
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number)
}

/**
 * Resolves when no promise has anything left to do: what is queued for the next tick runs when the queue of microtasks is
 * empty. Timers and I/O of the machine get no turn here, and nothing in a simulation waits for any.
 */
function drained(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}
