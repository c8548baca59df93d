import type { Agenda } from '../agenda.ts'
import type { Random } from '../random.ts'
import type { Member } from './member.ts'

/** Milliseconds between requests that bring a session which is over. */
const ASK_EVERY_MS = 0.5

/** Watches what endings promise: P1, by everybody at the return of each, and by somebody again and again. */
export function promises(members: () => readonly Member[], chance: Random, agenda: Agenda) {
  const over: number[] = []
  const violations: string[] = []
  let asked = 0
  let stopped = false

  function ask(one: Member, ending: number): void {
    asked += 1
    if (one.accepts(ending))
      violations.push(`${one.process.name} accepts what ending ${ending} ended, at ${agenda.now()}`)
  }

  function again(): void {
    if (stopped) return
    if (over.length > 0) ask(chance.pick(members()), chance.pick(over))
    agenda.after(chance.pause(ASK_EVERY_MS), again)
  }
  again()

  return {
    returned(ending: number): void {
      over.push(ending)
      for (const one of members()) ask(one, ending)
    },
    /** Everybody about everything that is over. */
    close(): void {
      stopped = true
      for (const one of members()) for (const ending of over) ask(one, ending)
    },
    found: () => ({ asked, violations }),
  }
}
