import process from 'node:process'
import { type Carrier, problem, type Refusal, role, type Verifier, verifier } from '../../src/verify.ts'

/*
 * A small service that knows of nobody but by the verifier: what its listeners in each runtime have in common. It ends when its input does.
 */

export type Reply = { readonly status: number; readonly headers: Record<string, string>; readonly body: string }

const { ISSUER = '', SERVICE_ID: id = '', SERVICE_SECRET: secret = '' } = process.env
const service = { id, secret }

const own = verifier({ issuer: ISSUER, service })
const verifiers: Readonly<Record<string, Verifier>> = {
  '': own,
  '/other-audience': verifier({ issuer: ISSUER, service, audience: 'https://other.example' }),
  '/other-issuer': verifier({ issuer: 'https://other.example', url: ISSUER, service }),
}

export async function answer(path: string, carrier: Carrier): Promise<Reply> {
  const at = path.lastIndexOf('/')
  const auth = verifiers[path.slice(0, at)]
  switch (auth && path.slice(at)) {
    case '/lease':
      return json(200, { leased: own.leased() })
    case '/me': {
      const asked = (auth as Verifier).authenticate(carrier)
      const found = await asked
      return found.ok ? json(200, { ...found.value, isLocal: !(asked instanceof Promise) }) : refusal(found.refusal)
    }
    case '/reports': {
      const found = await (auth as Verifier).require(carrier, role('admin'))
      return found.ok ? json(200, { for: found.value.userId }) : refusal(found.refusal)
    }
    default:
      return json(404, {})
  }
}

/** Says where it listens, and sees to its end. */
export function listens(port: number): void {
  console.log(`port ${port}`)
  process.stdin.resume().on('end', async () => {
    await Promise.all(Object.values(verifiers).map((one) => one.close()))
    process.exit(0)
  })
}

function json(status: number, body: object): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
}

function refusal(refusal: Refusal): Reply {
  const { status, headers, body } = problem(refusal, crypto.randomUUID())
  return { status, headers, body: JSON.stringify(body) }
}
