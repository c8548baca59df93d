import { DatabaseSync } from 'node:sqlite'
import { inParallel, send, whoIs } from './client.ts'
import { databaseOf, type Held, PASSWORD, withStore } from './people.ts'
import type { Server } from './server.ts'
import type { Asked, Seen } from './work.ts'

const WIDTH = 8

/** What does not fit together after a restart, as lines to read. Empty when every promise was kept. */
export async function broken(server: Server, seen: Seen, staying: readonly Held[]): Promise<readonly string[]> {
  const parts = [
    await oddAnswers(seen),
    await undone(server, seen),
    await lostSignUps(server, seen),
    await lostSignIns(server, seen),
    await strangeOwners(server, [...staying, ...seen.untouched]),
  ]
  return parts.flat()
}

/** Until it died the server answered everything as it always does. */
async function oddAnswers({ signOuts, signUps, signIns, reads }: Seen): Promise<readonly string[]> {
  const odd = (what: string, list: readonly Asked<unknown>[], good: number) =>
    list
      .filter(({ answer }) => answer && answer.status !== good)
      .map(({ answer }) => `${what}: ${answer?.status} ${answer?.code}`)
  const strangers = reads
    .filter(({ what, answer }) => answer && answer.body.user?.id !== what.owner.id)
    .map(() => 'read: of somebody else')
  return [
    ...odd('sign-out', signOuts, 204),
    ...odd('sign-up', signUps, 201),
    ...odd('sign-in', signIns, 200),
    ...odd('read', reads, 200),
    ...strangers,
  ]
}

/** An answered sign-out holds; one without an answer is in one state or the other, and stays there. */
async function undone({ url }: Server, { signOuts }: Seen): Promise<readonly string[]> {
  const lines = await inParallel(signOuts, WIDTH, async ({ what, answer }) => {
    const [first, second] = [await whoIs(url, what.token), await whoIs(url, what.token)]
    if (answer) return first.status === 401 && first.code === 'signed_out' ? [] : [`sign-out undone: ${first.status}`]
    const alive = first.status === 200 && first.body.session?.id === what.sid
    const over = first.status === 401 && first.code === 'signed_out'
    return (alive || over) && second.status === first.status
      ? []
      : [`sign-out in between: ${first.status} ${first.code}`]
  })
  return lines.flat()
}

/** An account that was answered is there with its session; one that was not is there and whole, or can be made. */
async function lostSignUps({ url }: Server, { signUps }: Seen): Promise<readonly string[]> {
  const lines = await inParallel(signUps, WIDTH, async ({ what: email, answer }) => {
    const signedIn = await send(url, 'POST', '/auth/sign-in', {
      body: { email, password: PASSWORD, transport: 'bearer' },
    })
    if (answer) {
      const found = await whoIs(url, answer.body.tokens?.accessToken ?? '')
      const kept = found.status === 200 && found.body.user?.email === email && signedIn.status === 200
      return kept ? [] : [`sign-up lost: ${found.status} ${found.code}, sign-in ${signedIn.status} ${signedIn.code}`]
    }
    if (signedIn.status === 200) return []
    const again = await send(url, 'POST', '/auth/sign-up', { body: { email, password: PASSWORD, transport: 'bearer' } })
    return again.status === 201 ? [] : [`sign-up in between: sign-in ${signedIn.code}, sign-up ${again.code}`]
  })
  return lines.flat()
}

/** A session that was answered is there; whoever got no answer can sign in. */
async function lostSignIns({ url }: Server, { signIns }: Seen): Promise<readonly string[]> {
  const lines = await inParallel(signIns, WIDTH, async ({ what: { id, email }, answer }) => {
    if (answer) {
      const found = await whoIs(url, answer.body.tokens?.accessToken ?? '')
      return found.status === 200 && found.body.user?.id === id ? [] : [`sign-in lost: ${found.status} ${found.code}`]
    }
    const again = await send(url, 'POST', '/auth/sign-in', { body: { email, password: PASSWORD, transport: 'bearer' } })
    return again.status === 200 ? [] : [`sign-in impossible: ${again.status} ${again.code}`]
  })
  return lines.flat()
}

/** Nobody else was touched. */
async function strangeOwners({ url }: Server, held: readonly Held[]): Promise<readonly string[]> {
  const lines = await inParallel(held, WIDTH, async ({ token, owner }) => {
    const { status, body } = await whoIs(url, token)
    return status === 200 && body.user?.id === owner.id ? [] : [`a session nobody ended: ${status}`]
  })
  return lines.flat()
}

/** What is wrong with the records themselves, read when no server runs. */
export async function flaws(data: string): Promise<readonly string[]> {
  const database = new DatabaseSync(databaseOf(data))
  const checks = database.prepare('PRAGMA integrity_check').all()
  database.close()
  const lines = JSON.stringify(checks) === '[{"integrity_check":"ok"}]' ? [] : [JSON.stringify(checks)]
  return withStore(data, async (store) => {
    const users = await store.users.list({}, null, 10_000)
    for (const { id, email } of users.items) {
      const credentials = await store.credentials.list(id)
      if (credentials.length !== 1) lines.push(`${email} has ${credentials.length} credentials`)
      const sessions = await Promise.all([
        store.sessions.ofUser(id, 'active', 1000),
        store.sessions.ofUser(id, 'ended', 1000),
      ])
      for (const { endedAt, endReason } of sessions.flat()) {
        if ((endedAt === null) !== (endReason === null)) lines.push(`${email} has a session that is half ended`)
      }
    }
    return lines
  })
}
