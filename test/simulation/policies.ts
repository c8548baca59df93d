import type { Authenticated } from '../../src/guard.ts'
import type { PolicyTimeouts } from '../../src/policy.ts'
import { type Kind, tokensOf } from './ending.ts'

/** So that whoever is let in says by which version of the policy: it is idle as much longer. Nobody is that idle here. */
const IDLE = 30 * 60_000

export const policyVersionOf = ({ policy }: Pick<Authenticated, 'policy'>): number => policy.standard.idle - IDLE

const timeouts = (version: number): PolicyTimeouts => ({
  idle: IDLE + version,
  absolute: 12 * 3_600_000,
  warn: 60_000,
  remember: false,
  roles: {},
  sections: [],
})

/** Which versions of the policy there can be in the database. */
export type Versions = {
  /** A change to it is asked for. To be called when that was answered, whatever the answer. */
  ask(version: number): () => void
  /** Data was lost: this one is stored now. */
  lose(stored: number): void
  newest(): number
}

export function versions(): Versions {
  let stored = 0
  /** What was asked for since data was lost, or has no answer yet: any of it may be stored. */
  let asked: { readonly version: number; isOver: boolean }[] = []
  return {
    ask(version) {
      const one = { version, isOver: false }
      asked.push(one)
      return () => {
        one.isOver = true
      }
    },
    lose(left) {
      stored = left
      asked = asked.filter(({ isOver }) => !isOver)
    },
    // Each is a change of the one before.
    newest() {
      let newest = stored
      while (asked.some(({ version }) => version === newest + 1)) newest += 1
      return newest
    },
  }
}

/** The policy becomes another one. Nobody's session is over for that; but nobody is judged by the one before. */
export const setPolicy: Kind = (world) => {
  const visit = world.visits.length > 0 ? world.chance.pick(world.visits) : null
  return {
    name: 'the change of the policy',
    tokens: visit ? tokensOf([visit]) : [],
    begin: () => () => {},
    async carryOut(auth) {
      const { version } = await auth.policy.read()
      const answered = world.versions.ask(version + 1)
      const changed = await auth.policy.change({ timeouts: timeouts(version + 1), sessionLimit: null }, version)
      answered()
      if (!changed.ok) return null
      return (claim) => {
        if (version + 1 > (world.state.policy?.version ?? 0)) world.state.policy = { version: version + 1, claim }
      }
    },
  }
}
