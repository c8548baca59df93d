import { broken, flaws } from './aftermath.ts'
import { inParallel, send, whoIs } from './client.ts'
import { populate } from './people.ts'
import { between, seeded } from './random.ts'
import { dataFolder, startServer } from './server.ts'
import { type Seen, workUntilKilled } from './work.ts'

const USERS = 40
/** Five sessions of each user are signed out, one stays. */
const SESSIONS_EACH = 6

export type Killing = {
  readonly seen: Seen
  readonly killAfter: number
  /** Everything that was not as it had been answered. */
  readonly wrong: readonly string[]
}

/**
 * One server with 40 users and 200 sessions to sign out, killed at a point the seed chooses, started again on the same
 * data, asked about everything, and stopped. What was not answered is then asked for once more.
 */
export async function killMidway(seed: number): Promise<Killing> {
  const random = seeded(seed)
  const data = dataFolder()
  const { people } = await populate(data, { users: USERS, sessionsEach: SESSIONS_EACH })
  const staying = people.flatMap(({ sessions }) => sessions.slice(0, 1))
  const leaving = people.flatMap(({ sessions }) => sessions.slice(1))
  const killAfter = between(random, 40, 160)

  const first = await startServer(data)
  const seen = await workUntilKilled(first, { leaving, staying, killAfter }, random)

  const second = await startServer(data)
  const wrong = [...(await broken(second, seen, staying))]
  const unanswered = seen.signOuts.filter(({ answer }) => !answer).map(({ what }) => what)
  await inParallel(unanswered, unanswered.length, async ({ token }) => {
    const again = await send(second.url, 'POST', '/auth/sign-out', { token })
    const after = await whoIs(second.url, token)
    if (again.status !== 204 || after.status !== 401) wrong.push(`asked again: ${again.status}, then ${after.status}`)
  })
  const code = await second.stop()
  if (code !== 0) wrong.push(`the server stopped with ${code}: ${second.said()}`)
  wrong.push(...(await flaws(data)))
  return { seen, killAfter, wrong }
}
