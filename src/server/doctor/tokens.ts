import type { Facts } from './facts.ts'
import { type Finding, ok, warn } from './finding.ts'
import { HOUR, over, span } from './span.ts'

/** What signed tokens say, to whom, and for how long. */
export function tokens({ strategies, given, origin }: Facts): readonly Finding[] {
  return strategies.flatMap((name): readonly Finding[] => {
    if (name === 'session') return [ok('session: tokens say nothing, and nothing of them is readable')]
    const options = given[name] ?? {}
    return [
      ...life(name, 'ttl' in options ? options.ttl : 'accessTtl' in options ? options.accessTtl : undefined),
      ...audience(name, options.audience, origin),
      ...readable(name, given.jwt?.encrypt === true),
    ]
  })
}

type Signing = 'jwt' | 'hybrid'

const LIFE = { jwt: ['ttl', '15m'], hybrid: ['accessTtl', '5m'] } as const

function life(name: Signing, given: string | number | undefined): readonly Finding[] {
  const [member, usual] = LIFE[name]
  if (!over(span(given), HOUR)) return []
  const what = `${name}.${member} is ${given}: services that verify by themselves take a token that long after its session ended`
  return [warn(what, `write '1h' or less; '${usual}' is usual`)]
}

/** One audience is enough for one service; a token that several take can be used at each by the others (JW-12). */
function audience(name: Signing, given: string | undefined, origin: string | null): readonly Finding[] {
  if (given !== undefined) return [ok(`${name}: tokens are for ${given}, and no other audience takes them`)]
  const what = `${name}: tokens are for ${origin ?? 'this origin'}, the audience unless one is written`
  return [
    ok(
      what,
      `when other services verify tokens, write ${name}: { audience: 'https://api.example.com' } and have them ask for exactly that`,
    ),
  ]
}

/** Names and addresses are never in a token (JW-16). */
function readable(name: Signing, encrypted: boolean): readonly Finding[] {
  const nothing = `${name}: tokens hold ids, times and roles, nothing personal`
  if (name === 'hybrid') return [ok(`${nothing}; who holds one can read the roles`)]
  if (encrypted) return [ok(`${nothing}, and are encrypted`)]
  return [
    ok(nothing),
    warn(
      'jwt: who holds a token can read the roles in it',
      'write jwt: { encrypt: true }, unless other services have to read tokens',
    ),
  ]
}
