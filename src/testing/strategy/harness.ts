import { assemble } from '../../assemble.ts'
import type { Auth } from '../../auth.ts'
import { createAuth } from '../../create-auth.ts'
import type { AuthEvent } from '../../events.ts'
import { open } from '../../flows/issue.ts'
import type { Options, StrategyFactory } from '../../options.ts'
import { type Store, sources } from '../../store.ts'
import { memory } from '../../stores/memory/memory.ts'
import type { Strategy, Transport } from '../../strategy.ts'
import { emailKey, type UserId } from '../../user.ts'
import { type ManualClock, manualClock } from '../clock.ts'
import type { TestApi } from '../contract/harness.ts'
import { sampleUser } from '../samples.ts'
import { type Client, handed, must } from './client.ts'
import { type Tap, tapped } from './tap.ts'

/** What `strategyContract` needs to check a strategy: how to make one, over which stores, and a test runner. */
export type StrategyContractOptions = {
  /** For people: becomes part of the names. */
  readonly name: string
  readonly api: TestApi
  readonly strategy: StrategyFactory
  /** How clients carry their credentials. */
  readonly transport: Transport
  /**
   * A store without any data, for one case. `dump`: every byte it keeps, one character each, where there is more of it than
   * its verbs tell. `close` is called after each case, also after its sources were closed.
   */
  readonly make: () => Promise<{ readonly store: Store; close(): Promise<void>; dump?(): Promise<string> }>
  /**
   * Another handle on the data of the given store, with connections of its own as another machine would have; its sources are
   * closed by the suite. The cases then run on three nodes with a handle each; without it, on two that share one.
   */
  readonly another?: (store: Store) => Store
}

export const PASSWORD = 'a long enough passphrase'
const SECRET = 'contract-secret-0123456789-abcdefghijkl'
const BASE = 'https://app.example'

/** Not at a whole second, so that what is rounded to one shows. */
const START = 1_800_000_000_437

/** Longer than a lease and what an ending waits for one, milliseconds. */
export const SETTLED = 3_100

/** The hash of `PASSWORD`, made once: hashing is slow on purpose. */
type Password = { record: string | null }

type Opening = { readonly transport?: Transport; readonly remember?: boolean }

/** An installation for one case: two nodes or three, each with a line of its own to one database, under one clock. */
export type Site = {
  readonly auth: Auth
  /** The strategy that issues, as the first node made it. */
  readonly issuing: Strategy
  readonly nodes: readonly [Auth, Auth, ...Auth[]]
  readonly taps: readonly [Tap, Tap, ...Tap[]]
  /** As nobody watches it. */
  readonly store: Store
  readonly clock: ManualClock
  readonly events: readonly AuthEvent[]
  /** The same labels name the same users. A session is opened as by a sign-in whose password was right, without one. */
  enter(label: string, opening?: Opening): Promise<Client>
  /** The same of a user whose password is `PASSWORD`. */
  signUp(label: string, opening?: Opening): Promise<Client>
  /** Lets time pass until it is done, in steps of so many milliseconds: for what waits for other nodes. */
  patiently<T>(operation: Promise<T>, step?: number): Promise<T>
  /** Another installation, over the same store if none is given. */
  install(options?: Partial<Options>): Promise<Site>
  /** Every byte of the store, where it can tell. */
  dump(): Promise<string | null>
}

export type CaseOptions = {
  readonly options?: Partial<Options>
  /** Why the case makes no sense for this strategy; null: it does. */
  readonly skip?: string | null
}

/** What a file of cases registers them with. */
export type Cases = {
  /** As one installation made it: what it keeps, signs and refreshes says which promises it can give. */
  readonly strategy: Strategy
  readonly factory: StrategyFactory
  readonly transport: Transport
  group(name: string, run: () => void): void
  test(name: string, run: (site: Site) => Promise<void>, more?: CaseOptions): void
}

export function cases({ api, strategy: factory, transport, make, another }: StrategyContractOptions): Cases {
  const { strategy } = assemble({ store: memory(), strategy: factory, baseUrl: BASE, secret: SECRET }).core
  const password: Password = { record: null }
  return {
    strategy,
    factory,
    transport,
    group: (name, run) => void api.describe(name, run),
    test(name, run, { options, skip = null } = {}) {
      if (skip !== null) {
        api.it.skip?.(`${name} [skipped: ${skip}]`, async () => {})
        return
      }
      api.it(name, async () => {
        const { store, close, dump } = await make()
        const opened: (() => Promise<void>)[] = []
        const clock = manualClock(START)
        const common = { store, strategy: factory, clock, baseUrl: BASE, secret: SECRET }
        const install = async (given: Partial<Options>): Promise<Site> => {
          const isShared = another && (given.store ?? store) === store
          const handles = isShared ? [another(store), another(store)] : []
          const made = installation({ ...common, ...given }, clock, transport, password, handles)
          opened.push(made.close)
          await Promise.all(made.site.nodes.map((node) => node.ready()))
          return {
            ...made.site,
            install: (further = {}) => install(further),
            dump: async () => (await dump?.()) ?? null,
          }
        }
        try {
          await run(await install({ ...options }))
        } finally {
          for (const one of opened) await one()
          await close()
        }
      })
    },
  }
}

function installation(
  options: Options,
  clock: ManualClock,
  usual: Transport,
  password: Password,
  handles: readonly Store[],
) {
  const { store } = options
  const events: AuthEvent[] = []
  const on = (event: AuthEvent) => void events.push(event)
  const issuing: Strategy[] = []
  const strategy: StrategyFactory = (setting) => {
    const made = options.strategy(setting)
    issuing.push(made)
    return made
  }
  const node = (handle: Store) => {
    const tap = tapped(handle)
    return { tap, auth: createAuth({ ...options, store: tap.store, on, strategy }) }
  }
  const first = node(store)
  const second = node(handles[0] ?? store)
  const others = handles.slice(1).map(node)
  const all = [first, second, ...others]
  const walking = answered(clock, () => all.some(({ tap }) => tap.isAsking()))
  // Issues as the first node does, whose keys and feed these are.
  const { core: door } = assemble({ ...options, strategy: () => issuing[0] as Strategy })
  const { auth } = first

  async function enter(label: string, { transport = usual, remember = false }: Opening = {}): Promise<Client> {
    const email = `${label}@example.org`
    const now = clock.now()
    if ((await store.users.findByEmail(emailKey(email))).user === null) {
      const user = sampleUser(label, { email, roles: door.roles.slice(0, 1), createdAt: now })
      await store.users.create(user, emailKey(email))
    }
    const { user, everyone } = await store.users.findByEmail(emailKey(email))
    if (user === null) throw new Error(`there is no ${label}`)
    const opened = await open(door, { user, everyone, amr: ['pwd'], remember, transport }, {}, now)
    const { session, carried } = must(opened)
    return handed({ userId: user.id, sessionId: session.id, email }, carried)
  }

  const site = {
    auth,
    issuing: door.strategy,
    nodes: [auth, second.auth, ...others.map((one) => one.auth)],
    taps: [first.tap, second.tap, ...others.map((one) => one.tap)],
    store,
    clock: walking,
    events,
    enter,
    async signUp(label, opening) {
      const client = await enter(label, opening)
      password.record ??= must(await door.passwords.prepare(PASSWORD))
      await door.passwords.put(client.userId as UserId, password.record, clock.now())
      return client
    },
    async patiently(operation, step = 1) {
      let done = false
      const finished = operation.finally(() => {
        done = true
      })
      finished.catch(() => {})
      for (let steps = 0; !done; steps += 1) {
        await walking.advance(steps < 200 ? step : 25)
        // What takes as long is at work elsewhere, on a hash or a disk, and needs the processor.
        if (steps >= 20 && !done) await new Promise((resolve) => setTimeout(resolve, 1))
      }
      return finished
    },
  } satisfies Omit<Site, 'install' | 'dump'> as Omit<Site, 'install' | 'dump'>

  async function close() {
    for (const { tap } of all) tap.set('up')
    await door.recorder.flush()
    await site.patiently(Promise.all(all.map((one) => one.auth.close())))
    for (const handle of handles) for (const source of sources(handle)) await source.close()
  }
  return { site, close }
}

/** How far time goes on before what was asked meanwhile is answered, milliseconds. */
const STRIDE = 250
/** How long that is waited for at most: a question may itself wait for time to go on. Real milliseconds. */
const MOST_WAIT = 5000

/** The clock, going on only as fast as a database that is far away answers: its distance is not what the cases are about. */
function answered(clock: ManualClock, isAsking: () => boolean): ManualClock {
  return {
    ...clock,
    async advance(ms) {
      for (let left = ms; ; left -= STRIDE) {
        await clock.advance(Math.min(left, STRIDE))
        for (let waited = 0; isAsking() && waited < MOST_WAIT; waited += 1) {
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
        if (left <= STRIDE) return
      }
    },
  }
}

/** What the client holds after getting its next token as its strategy has it, without using the session if that can be. */
export async function renewed({ refreshing, keeps }: Strategy, auth: Auth, client: Client): Promise<Client> {
  if (refreshing !== null) return handed(client, must(await auth.refresh(client.carrier, client.refreshToken)).carried)
  const who = must(await auth.authenticate(client.carrier, { passive: true, renewing: true }))
  return keeps === 'nothing' ? handed(client, must(await auth.renew(who)).carried) : client
}
