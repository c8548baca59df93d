import type { Credentials } from '../../store.ts'
import type { CredentialTable } from './credential-table.ts'
import type { Place } from './place.ts'

export function credentialsPort({ source, verb }: Place, { find, of, keep, drop }: CredentialTable): Credentials {
  return {
    source,
    find: verb(find),
    list: verb(of),
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
    remove: verb(drop),
  }
}
