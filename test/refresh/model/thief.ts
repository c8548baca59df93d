import { type Party, present, use, type World } from './world.ts'

/** When whoever copied the jar comes first. `first`: at once, before the owner does anything. */
export type Style = { readonly comes: '+5 s' | '+10 min' | 'first'; readonly uses: boolean }

const WAIT = { '+5 s': 5_000, '+10 min': 600_000, first: 0 } as const

/** Somebody copies what is in the jar, and refreshes with it later. */
export async function steal(world: World, { comes, uses }: Style): Promise<void> {
  const { servers, agenda, owner, tally } = world
  const thief: Party = { name: 'thief', jar: owner.jar }
  world.thief = thief
  tally.count(`stolen, ${comes}`)
  agenda.add(servers.clock.now() + WAIT[comes], () => act(world, thief, 1, uses))
  await agenda.pass(0)
}

/** The thief gets the next tokens, if it can, and uses them. */
export async function act(world: World, thief: Party, server: number, uses: boolean): Promise<void> {
  const got = await present(world, thief, { server })
  if (got) thief.jar = got(thief.jar)
  if (uses) await use(world, thief, server + 1)
}
