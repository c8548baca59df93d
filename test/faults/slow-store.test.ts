import { writeFileSync } from 'node:fs'
import { afterEach, it, vi } from 'vitest'
import { memory } from '../../src/stores/memory/memory.ts'
import { type Failure, faulty } from './support/faulty.ts'
import { type Stage, stage } from './support/stage.ts'

vi.mock('@node-rs/argon2', () => import('./support/quick-argon2.ts'))

let s: Stage
const verbs = faulty(memory()).verbs
const all: string[] = []
for (const how of ['unavailable', 'bug', 'hangs', 'lost', 'nothing', 'nonsense'] as const)
  it.each(verbs)(
    how + ' %s',
    async (verb) => {
      s = await stage()
      s.faulty.fail(how as Failure, verb)
      const out = await s.fire([...s.shots, s.ask(s.auth, s.witness)])
      const at = await s.fire(s.attacks)
      s.faulty.heal()
      const w = await s.fire([s.ask(s.auth, s.witness), s.ask(s.nodes[1] as any, s.witness), s.signIn(s.witness.owner)])
      await s.clock.advance(10000)
      const after = await s.fire(s.attacks)
      await s.close()
      for (const o of out)
        if (o.met || o.flaws.length || o.status === 0 || (o.status >= 400 && o.code !== 'not_supported'))
          all.push([how, verb, o.what, o.status, o.code, o.flaws.join()].join(' | '))
      for (const o of [...at, ...after])
        if (o.status < 400 || (o.status === 500 && !o.met) || o.flaws.length)
          all.push([how, verb, 'ATTACK', o.what, o.status, o.code, o.flaws.join()].join(' | '))
      for (const o of w)
        if (o.status !== 200 || o.flaws.length)
          all.push([how, verb, 'AFTER', o.what, o.status, o.code, o.flaws.join()].join(' | '))
      writeFileSync('/tmp/explore.txt', all.join('\n'))
    },
    60000,
  )
