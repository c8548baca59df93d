import { type Answer, attempt, inParallel, pause } from './client.ts'
import { type Held, PASSWORD, type Person } from './people.ts'
import { between, type Random } from './random.ts'
import type { Server } from './server.ts'

/** Something that was asked of the server. `answer` is null when the server died before it had answered. */
export type Asked<T> = { readonly what: T; readonly answer: Answer | null }

/** All that the clients of a server saw until it was killed. */
export type Seen = {
  readonly signOuts: readonly Asked<Held>[]
  readonly signUps: readonly Asked<string>[]
  readonly signIns: readonly Asked<Person>[]
  readonly reads: readonly Asked<Held>[]
  /** Sessions nobody has asked to end. */
  readonly untouched: readonly Held[]
}

/** Sign-outs sent at the same time, and the pause before the next ones, milliseconds: at most. */
const BURST = 12
const PAUSE_MS = 90
/** How long after the last burst was sent the server is killed, milliseconds: at most. */
const STRIKE_MS = 60
/** Clients that do something else, at the same time. */
const READERS = 2
const SIGN_INS = 2
const SIGN_UPS = 2

/**
 * Signs the sessions of `leaving` out, in bursts, while others sign in, sign up and ask who they are, and kills the
 * server in the middle of the first burst after it has answered `killAfter` sign-outs.
 */
export async function workUntilKilled(
  server: Server,
  given: { readonly leaving: readonly Held[]; readonly staying: readonly Held[]; readonly killAfter: number },
  random: Random,
): Promise<Seen> {
  const { leaving, staying, killAfter } = given
  const { url } = server
  const people = [...new Set(staying.map(({ owner }) => owner))]
  const signOuts: Asked<Held>[] = []
  const signUps: Asked<string>[] = []
  const signIns: Asked<Person>[] = []
  const reads: Asked<Held>[] = []
  let answered = 0
  let killed: Promise<void> | null = null

  async function signOut(what: Held): Promise<void> {
    const answer = await attempt(url, 'POST', '/auth/sign-out', { token: what.token })
    signOuts.push({ what, answer })
    if (answer) answered += 1
  }

  async function signOutAll(): Promise<void> {
    for (let next = 0; !killed; ) {
      const isLast = answered >= killAfter
      const burst = leaving.slice(next, next + (isLast ? BURST : between(random, 1, BURST)))
      next += burst.length
      const answers = Promise.all(burst.map(signOut))
      if (isLast) killed = pause(random() * STRIKE_MS).then(server.kill)
      await answers
      await pause(random() * PAUSE_MS)
    }
  }

  /** The same thing again and again until the server is gone. */
  async function keepOn<T>(list: Asked<T>[], clients: number, next: () => T, ask: (what: T) => Promise<Answer | null>) {
    await inParallel(Array.from({ length: clients }), clients, async () => {
      while (!killed) {
        const what = next()
        list.push({ what, answer: await ask(what) })
      }
    })
  }

  let count = 0
  const reader = () => staying[between(random, 0, staying.length - 1)] as Held
  const newcomer = () => `new-${killAfter}-${count++}-${Math.floor(random() * 1e9)}@example.com`
  const returning = () => people[count++ % people.length] as Person
  const transport = 'bearer'
  await Promise.all([
    signOutAll(),
    keepOn(reads, READERS, reader, ({ token }) => attempt(url, 'GET', '/auth/session', { token })),
    keepOn(signUps, SIGN_UPS, newcomer, (email) =>
      attempt(url, 'POST', '/auth/sign-up', { body: { email, password: PASSWORD, transport } }),
    ),
    keepOn(signIns, SIGN_INS, returning, ({ email }) =>
      attempt(url, 'POST', '/auth/sign-in', { body: { email, password: PASSWORD, transport } }),
    ),
  ])
  await killed
  const asked = new Set(signOuts.map(({ what }) => what))
  return { signOuts, signUps, signIns, reads, untouched: leaving.filter((held) => !asked.has(held)) }
}
