import { present, type World } from './world.ts'

/**
 * How browsers refresh. `when over`: every tab when the access token in the shared jar is over or will be in `lead` ms, any
 * number of tabs at once. `at will`: whenever they like, as many as like to.
 */
export type Habit = { readonly refreshes: 'when over' | 'at will'; readonly lead: number; readonly uses: boolean }

/** One request of a tab, and what becomes of it. Milliseconds; there and back take no more than 30 s together. */
export type Errand = {
  readonly server: number
  readonly there: number
  readonly back: number
  readonly fate: 'arrives' | 'lost' | 'crash'
  /** When a tab that got no answer tries again. */
  readonly retry: number
}

export function mayRefresh(world: World, { refreshes, lead }: Habit): boolean {
  if (world.line.over !== null) return false
  if (refreshes === 'at will') return true
  return world.servers.clock.now() >= world.owner.jar.accessEnds - lead
}

/** Tabs refresh with what is in their jar at this moment. */
export async function refreshBy(world: World, habit: Habit, errands: readonly Errand[]): Promise<void> {
  const { agenda, servers, owner } = world
  const given = owner.jar
  for (const errand of errands) {
    world.waiting += 1
    const arrive = async () => {
      const got = await present(world, owner, { server: errand.server, given, crash: errand.fate === 'crash' })
      if (got === null || errand.fate !== 'arrives') return again(world, habit, errand)
      agenda.add(servers.clock.now() + errand.back, () => {
        world.waiting -= 1
        owner.jar = got(owner.jar)
      })
    }
    agenda.add(servers.clock.now() + errand.there, arrive, given.refresh)
  }
  await agenda.pass(0)
}

function again(world: World, habit: Habit, { server, retry }: Errand): void {
  const { agenda, servers, tally } = world
  agenda.add(servers.clock.now() + retry, async () => {
    world.waiting -= 1
    // Another tab may have filled the jar meanwhile.
    if (!mayRefresh(world, habit)) return
    tally.count(`retried after ${retry / 1000} s`)
    await refreshBy(world, habit, [{ server: server + 1, there: 0, back: 0, fate: 'arrives', retry }])
  })
}
