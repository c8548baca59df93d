import type { Node, Running } from './node.ts'
import { type Person, passwordOf, type Visit } from './people.ts'
import { busy, changesOf, request, takeOver } from './requests.ts'
import type { World } from './world.ts'

/** Someone signs in. `entered` is called when they were let in; who is not told anything tries again some other time. */
export function enter(world: World, node: Node, person: Person, entered: (visit: Visit) => void = () => {}): void {
  const running = node.running()
  if (!running) return
  running.process.deliver(() => {
    void signIn(world, node, running, person).then((visit) => {
      if (visit) entered(visit)
    })
  })
}

async function signIn(world: World, node: Node, running: Running, person: Person): Promise<Visit | null> {
  const { agenda, plan, visits, chance, note, oracle } = world
  const { auth, process } = running
  const began = agenda.now()
  const password = person.passwords.current
  const changes = changesOf(person)
  note?.(`${node.name} is asked to sign ${person.name} in`)
  const given = { email: person.email, password: passwordOf(person, password), transport: 'bearer' } as const
  const answer = await auth.signIn(given).catch(() => null)
  if (answer === null || !process.alive()) return null
  const doubted = person.underWay > 0 || began < person.doubtUntil
  if (!answer.ok) {
    const { code } = answer.refusal
    note?.(`${node.name} does not sign ${person.name} in: ${code}`)
    if (code === 'invalid_credentials' && !doubted && !person.mayBeOut) {
      oracle.wrong('honest', `${node.name} refuses ${person.name} the right password`)
    }
    return null
  }
  if (answer.value.status !== 'signed_in') return null
  const { session, carried } = answer.value
  const name = `${plan.strategy} ${visits.length + 1}`
  const visit: Visit = {
    name,
    person,
    sid: session.id,
    password,
    tokens: [],
    over: null,
    inDoubt: doubted,
    proving: false,
  }
  visits.push(visit)
  const token = takeOver(world, visit, carried, changes)
  note?.(`${node.name} signs ${person.name} in: ${name}`)
  // Whoever was let in goes on, at any node.
  for (let i = 0; i < 2; i += 1) {
    agenda.after(chance.pause(plan.delay), () => request(world, chance.pick(busy(world)), token))
  }
  return visit
}
