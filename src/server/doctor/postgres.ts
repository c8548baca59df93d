import { clock } from './clock.ts'
import type { Facts, Server } from './facts.ts'
import { bad, type Finding, ok, warn } from './finding.ts'

/** As the server counts. */
const OLDEST = 140_000

/** What the promises of endings, and of what nobody else can read, need from a PostgreSQL server (docs/operations.md). */
export function postgres({ server, database }: Pick<Facts, 'server' | 'database'>): readonly Finding[] {
  if (!server) return []
  const found = [
    ...kind(server),
    ...way(server),
    ...rights(server, database),
    ...disk(server),
    ...standbys(server),
    ...clock(server),
  ]
  return [...found, ok(`${server.where} is PostgreSQL ${release(server.version)}`)]
}

function kind({ version, isRecovering, where }: Server): readonly Finding[] {
  const found: Finding[] = []
  if (version < OLDEST) found.push(bad(`${where} is PostgreSQL ${release(version)}`, 'run version 14 or newer'))
  if (isRecovering) {
    const what = `${where} is a standby or still being restored: it takes no writes, and what it answers may be old`
    found.push(bad(what, 'write the address of the primary'))
  }
  return found
}

function way({ isLocal, isEncrypted, isVerified, where }: Server): readonly Finding[] {
  if (isLocal) return []
  if (!isEncrypted) {
    const what = `the connection to ${where} is not encrypted: who sits on the way can read and change all that is kept`
    return [bad(what, 'write ?sslmode=verify-full at the end of DATABASE_URL')]
  }
  if (isVerified) return [ok('the connection to the database is encrypted, and its server proves who it is')]
  const what = `nobody checks that ${where} is the server it says it is: who sits on the way can be it instead`
  return [warn(what, 'write sslmode=verify-full, with sslrootcert= and a file for an authority of your own')]
}

function rights({ isSuperuser, mayCreate }: Server, database: Facts['database']): readonly Finding[] {
  const found: Finding[] = []
  if (isSuperuser) {
    const what =
      'the database is used as superuser: who takes over this server has all databases, and the machine they are on'
    found.push(warn(what, 'make a user that owns this database and nothing else'))
  }
  if (mayCreate) return found
  if (database.state === 'found' && database.found.pending === 0) {
    const instead = 'before a newer version is started, run its migrate as the owner of the schema'
    return [...found, ok('this user may not make tables, and at present need not', instead)]
  }
  const what = 'this user may not make the tables that are missing'
  return [...found, bad(what, 'make it the owner of the schema, or run migrate as the one who is')]
}

function disk({ fsync, fullPageWrites, synchronousCommit }: Server): readonly Finding[] {
  const found: Finding[] = []
  const lost = 'a power cut can lose or mix up what was answered, endings too'
  if (!fsync) found.push(bad(`fsync is off: ${lost}`, 'write fsync = on'))
  if (!fullPageWrites) found.push(bad(`full_page_writes is off: ${lost}`, 'write full_page_writes = on'))
  if (synchronousCommit === 'off') {
    const what = 'synchronous_commit is off: this program sets it for its connections, and nobody else does'
    found.push(warn(what, 'write synchronous_commit = on'))
  }
  return found
}

function standbys({ standbys, waitsForStandbys, synchronousCommit }: Server): readonly Finding[] {
  if (waitsForStandbys && standbys === 0) {
    const what = 'commits wait for a standby, and none is attached: nothing can be written'
    return [bad(what, 'attach one, or empty synchronous_standby_names')]
  }
  if (standbys === 0) return []
  const lost = 'a failover may lose endings that were acknowledged'
  if (!waitsForStandbys) {
    const what = `standbys are attached, and synchronous_standby_names is empty: ${lost}`
    return [warn(what, 'name them there, or never promote one that is behind (docs/operations.md)')]
  }
  if (synchronousCommit === 'local') {
    const what = `synchronous_commit is local, so that no commit waits for a standby: ${lost}`
    return [warn(what, 'write synchronous_commit = on (docs/operations.md)')]
  }
  return [ok('commits wait for a standby')]
}

/** 150014 as people write it. */
function release(version: number): string {
  return `${Math.floor(version / 10_000)}.${version % 10_000}`
}
