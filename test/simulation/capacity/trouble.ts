import type { Agenda } from '../agenda.ts'
import type { Random } from '../random.ts'
import type { Place } from './place.ts'

/** What goes wrong meanwhile: how many nodes, each at a moment of its own. */
export type Trouble = {
  /** Every message takes twenty times as long from then on. */
  readonly slow: number
  /** Stand still for half a second to five, and go on. */
  readonly stopped: number
  /** Die, and nobody is told. */
  readonly killed: number
  /** Die, and are started again two seconds later with an empty memory. */
  readonly restarted: number
}

export const PEACE: Trouble = { slow: 0, stopped: 0, killed: 0, restarted: 0 }

const SLOW_TIMES = 20
const STOPPED_MS = [500, 5000] as const
const DOWN_MS = 2000

/** Lets it happen within so many milliseconds, to one node one thing. */
export function harm(agenda: Agenda, chance: Random, trouble: Trouble, places: readonly Place[], within: number): void {
  const victims = chance.shuffled(places)
  const each = (count: number, strike: (place: Place) => void) => {
    for (let i = 0; i < count; i += 1) {
      const place = victims.pop()
      if (place) agenda.after(chance.between(0, within / 2), () => strike(place))
    }
  }
  each(trouble.slow, ({ member }) => {
    for (const line of member()?.lines ?? []) line.slow(SLOW_TIMES)
  })
  each(trouble.stopped, ({ machine }) => {
    machine.pause('stopped')
    agenda.after(chance.between(...STOPPED_MS), () => machine.resume())
  })
  each(trouble.killed, (place) => place.kill())
  each(trouble.restarted, (place) => {
    place.kill()
    agenda.after(DOWN_MS, () => place.start())
  })
}
