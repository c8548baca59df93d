import type { Credential } from '../../credential.ts'
import type { Credentials } from '../../store.ts'
import type { UserId } from '../../user.ts'
import type { Place } from './place.ts'

export function credentialsPort({ source, verb }: Place): Credentials {
  const users = new Map<string, Map<string, Credential>>()
  const find = (userId: UserId, kind: string, id: string) => users.get(userId)?.get(name(kind, id)) ?? null
  const keep = (credential: Credential) => {
    const own = users.get(credential.userId) ?? new Map<string, Credential>()
    own.set(name(credential.kind, credential.id), Object.freeze({ ...credential }))
    users.set(credential.userId, own)
  }

  return {
    source,
    find: verb(find),
    list: verb((userId) => [...(users.get(userId)?.values() ?? [])]),
    add: verb((credential) => {
      if (find(credential.userId, credential.kind, credential.id)) return false
      keep(credential)
      return true
    }),
    replace: verb((userId, kind, id, expected, record, now) => {
      const old = find(userId, kind, id)
      if (old?.version !== expected) return false
      keep({ ...old, record, version: old.version + 1, updatedAt: now, disabledAt: null })
      return true
    }),
    disable: verb((userId, kind, id, now) => {
      const old = find(userId, kind, id)
      if (old && old.disabledAt === null) keep({ ...old, version: old.version + 1, disabledAt: now })
    }),
    remove: verb((userId, kind, id) => {
      const own = users.get(userId)
      if (kind === null) own?.clear()
      else own?.delete(name(kind, id))
      if (own?.size === 0) users.delete(userId)
    }),
  }
}

function name(kind: string, id: string): string {
  return JSON.stringify([kind, id])
}
