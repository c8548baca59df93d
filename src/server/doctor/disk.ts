import type { Facts } from './facts.ts'
import { bad, type Finding, fromMessage, ok, orOk, warn } from './finding.ts'

/** Who else on this machine can read what is kept. */
export function files({ guarded }: Facts): readonly Finding[] {
  const found = guarded.flatMap(({ path, kind, mode }) => {
    if (mode === null || (mode & 0o077) === 0) return []
    const right = kind === 'folder' ? '700' : '600'
    const octal = mode.toString(8).padStart(3, '0')
    const instead = `chmod ${right} ${path}`
    return (mode & 0o007) === 0
      ? [warn(`${path} is open to its group (mode ${octal})`, instead)]
      : [bad(`${path} is open to everybody on this machine (mode ${octal})`, instead)]
  })
  if (guarded.every(({ mode }) => mode === null)) return []
  return orOk(found, 'what is kept can be read by its owner only')
}

/** Whether the server could go on with the database as it is. */
export function database({ database, server, secrets }: Facts): readonly Finding[] {
  if (database.state === 'absent') {
    return [
      ok(
        server
          ? 'the database is empty; the first start makes its tables'
          : 'there is no database yet; the first start makes it',
      ),
    ]
  }
  if (database.state === 'refused') return [fromMessage(database.message)]
  const { pending, keys } = database.found
  const found: Finding[] = []
  if (pending > 0) {
    const what = `the database lacks ${pending === 1 ? 'a migration' : `${pending} migrations`}`
    found.push(warn(what, 'run migrate, or let the next start of the server do it'))
  } else {
    found.push(ok('the database is up to date'))
  }
  if (keys.kept === 0) return found
  if (keys.opened < keys.kept) {
    const which = keys.opened === 0 ? 'none of the signing keys' : `only ${keys.opened} of ${keys.kept} signing keys`
    const instead = 'write the secret they were sealed with behind the new one: SALLYPORT_SECRET=new,old'
    return [...found, bad(`the master secret opens ${which}`, instead)]
  }
  if (secrets.length > 1 && keys.byNewest < keys.kept) {
    const what = 'signing keys are still sealed with an older master secret'
    return [...found, ok(what, 'keep it until a server has run with the newest in front for some minutes')]
  }
  return [...found, ok('the master secret opens the signing keys')]
}
