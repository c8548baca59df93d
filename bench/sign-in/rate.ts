import { join } from 'node:path'
import { verify } from '@node-rs/argon2'
import type { BenchOptions } from '../lib/bench.ts'
import { type Child, child } from '../lib/child.ts'
import { flow } from '../lib/flow.ts'
import { guard, type Kept, openStore } from '../lib/guard.ts'
import { email, populate } from '../lib/population.ts'
import { say } from '../lib/progress.ts'
import type { Report } from '../lib/report.ts'
import { median, ratio } from '../lib/statistics.ts'
import type { SigningIn } from '../load/sign-ins.ts'
import type { SignInSetup } from '../servers/sign-in.ts'
import { AT_ONCE, PASSWORD, PEOPLE, storedHash } from './setting.ts'

const SERVER = new URL('../servers/sign-in.ts', import.meta.url)
const PEOPLE_WHO_SIGN_IN = new URL('../load/sign-ins.ts', import.meta.url)

type Contestant = { readonly name: string; perSecond(ms: number): Promise<number>; close?(): Promise<void> }

const RAW = 'argon2id alone'
const OVER_HTTP_RAW = 'argon2id alone behind node:http'

/** Sign-ins a second beside bare verifications, all in turns in one run. */
export async function signInRate({ quick, folder, calm }: BenchOptions): Promise<Report> {
  const record = await storedHash()
  const raw: Contestant = { name: RAW, perSecond: (ms) => flow(() => verify(record, PASSWORD), AT_ONCE, ms) }
  const load = await child(PEOPLE_WHO_SIGN_IN)
  const server = await child(SERVER)
  const setup = { kept: 'sqlite', file: join(folder, 'http.db'), people: PEOPLE, record } satisfies SignInSetup
  const port = await server.ask<number>('listen', setup)
  const contestants = [
    raw,
    await inProcess('memory', record, folder),
    await inProcess('sqlite', record, folder),
    overHttp(OVER_HTTP_RAW, load, port, '/verify'),
    overHttp('sign-in over HTTP, SQLite', load, port, '/auth/sign-in'),
  ]
  say('Signing in, in turns …')
  const found = new Map<string, number[]>(contestants.map(({ name }) => [name, []]))
  const alone = calm.with([load, server])
  for (const one of contestants) await one.perSecond(quick ? 200 : 500)
  for (let round = 0; round < (quick ? 3 : 8); round++) {
    for (const { name, perSecond } of round % 2 === 0 ? contestants : contestants.toReversed()) {
      found.get(name)?.push(await alone.measure(() => perSecond(quick ? 500 : 800)))
    }
  }
  for (const { close } of contestants) await close?.()
  await Promise.all([load.stop(), server.stop()])

  const of = (name: string) => found.get(name) ?? []
  const rows = contestants.map(({ name }) => ({
    name,
    perSecond: median(of(name)),
    share: ratio(of(name), of(RAW)) * 100,
    httpShare: name.includes('HTTP') ? ratio(of(name), of(OVER_HTTP_RAW)) * 100 : null,
  }))
  return {
    tables: [
      {
        title: `sign-in: ${AT_ONCE} at once, argon2id 19 MiB, 2 passes`,
        columns: [
          { key: 'name', label: '' },
          { key: 'perSecond', label: 'per second', digits: 1 },
          { key: 'share', label: '% of argon2id alone', digits: 1 },
          { key: 'httpShare', label: '% of it behind HTTP', digits: 1 },
        ],
        rows,
        notes: ['Medians; shares are medians of pairs. Clients over HTTP share the cores with the server.'],
      },
    ],
    bars: rows
      .filter(({ name }) => name.startsWith('sign-in'))
      .map(({ name, share }) => ({
        name,
        wanted: '>= 90 % of argon2id alone',
        measured: `${share.toFixed(1)} %`,
        met: share >= 90,
      })),
  }
}

async function inProcess(kept: Kept, record: string, folder: string): Promise<Contestant> {
  const store = await openStore(kept, join(folder, 'in-process.db'))
  await populate(store, PEOPLE, record)
  const auth = await guard(store)
  let next = 0
  const one = async () => {
    next = (next + 1) % PEOPLE
    const result = await auth.signIn({ email: email(next), password: PASSWORD })
    if (!result.ok) throw new Error(`refused: ${result.refusal.code}`)
  }
  const name = `sign-in in process, ${kept === 'sqlite' ? 'SQLite' : kept}`
  return { name, perSecond: (ms) => flow(one, AT_ONCE, ms), close: auth.close }
}

function overHttp(name: string, load: Child, port: number, path: string): Contestant {
  const question = { port, path, people: PEOPLE, password: PASSWORD, atOnce: AT_ONCE } satisfies SigningIn
  return {
    name,
    async perSecond(ms) {
      await load.ask('begin', question)
      await new Promise((resolve) => setTimeout(resolve, ms))
      return load.ask<number>('end')
    },
  }
}
