import type { Auth, Options } from '../../src/index.ts'
import type { StrategyFactory, StrategySetting } from '../../src/options.ts'
import type { Carried, Strategy, Subject, Transport } from '../../src/strategy.ts'
import { emailKey } from '../../src/user.ts'
import { guard, openStore } from '../lib/guard.ts'
import { person, record } from '../lib/population.ts'

/** Beyond the end of any measurement: nothing expires under it. */
export const LIFE = '2h'

/** An installation in memory, and what its strategy was made of. */
export type Installation = {
  readonly auth: Auth
  readonly setting: StrategySetting
  /** Signs person `i` in without a password, which would take a hundred times as long as all the rest. */
  enter(i: number, transport: Transport): Promise<Carried>
}

export async function installation(factory: StrategyFactory, options: Partial<Options> = {}): Promise<Installation> {
  const store = await openStore('memory', '')
  const seen: { strategy?: Strategy; setting?: StrategySetting } = {}
  const observed: StrategyFactory = (setting) => {
    seen.setting = setting
    seen.strategy = factory(setting)
    return seen.strategy
  }
  const auth = await guard(store, { ...options, strategy: observed })
  const { strategy, setting } = seen
  if (!strategy || !setting) throw new Error('the strategy was not made')

  return {
    auth,
    setting,
    async enter(i, transport) {
      const now = Date.now()
      const subject = someone(i, now)
      const { carried, digest } = await strategy.issue(subject, transport, now)
      await store.users.create(subject.user, emailKey(subject.user.email))
      if (strategy.keeps === 'record') {
        await store.sessions.start({ ...subject.session, strategy: strategy.name, digest }, null, now)
      }
      return carried
    },
  }
}

/** Person `i` with a session of their own, opened a moment ago. */
export function someone(i: number, now: number) {
  return { session: record(i, i, now), user: person(i, now) } satisfies Subject
}
