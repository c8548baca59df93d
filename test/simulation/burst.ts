import type { SessionId, SessionRecord } from '../../src/session.ts'
import { sampleSession } from '../../src/testing/samples.ts'
import { askFor } from './asking.ts'
import type { Database } from './database.ts'
import type { Visit } from './people.ts'
import { endOf } from './session-endings.ts'
import type { World } from './world.ts'

/** How long, milliseconds, and how many a second. */
const LASTING = 1200
const A_SECOND = 1000

/** A thousand sessions end in a second, each by itself, at every node. Each of them has to settle as any other. */
export async function burst(world: World): Promise<void> {
  const { agenda, chance, databases, nodes, people, note } = world
  note?.(`${A_SECOND} endings a second from now on`)
  const { sessions } = (databases.at(-1) as Database).store()
  const [person] = people
  if (!person) return
  for (let i = 0; i < (LASTING / 1000) * A_SECOND; i += 1) {
    const sid = `stranger${String(i).padStart(14, '0')}` as SessionId
    const record: SessionRecord = {
      ...sampleSession('stranger'),
      id: sid,
      userId: person.id,
      generation: 1,
      everyone: 0,
    }
    await sessions.start(record, null, 0)
    const visit: Visit = { name: sid, person, sid, password: 0, tokens: [], over: null, inDoubt: true, proving: false }
    agenda.after(chance.real() * LASTING, () => askFor(world, chance.pick(nodes), endOf(visit)))
  }
}
