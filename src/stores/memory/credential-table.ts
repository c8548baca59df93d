import type { Credential } from '../../credential.ts'

/** The credentials of every user, by kind and id. */
export type CredentialTable = {
  find(userId: string, kind: string, id: string): Credential | null
  of(userId: string): readonly Credential[]
  keep(credential: Credential): void
  /** One, or all of the user when `kind` is null. */
  drop(userId: string, kind: string | null, id: string): void
}

export function credentialTable(): CredentialTable {
  const users = new Map<string, Map<string, Credential>>()
  return {
    find: (userId, kind, id) => users.get(userId)?.get(name(kind, id)) ?? null,
    of: (userId) => [...(users.get(userId)?.values() ?? [])],
    keep(credential) {
      const own = users.get(credential.userId) ?? new Map<string, Credential>()
      own.set(name(credential.kind, credential.id), Object.freeze({ ...credential }))
      users.set(credential.userId, own)
    },
    drop(userId, kind, id) {
      const own = users.get(userId)
      if (kind === null) own?.clear()
      else own?.delete(name(kind, id))
      if (own?.size === 0) users.delete(userId)
    },
  }
}

function name(kind: string, id: string): string {
  return JSON.stringify([kind, id])
}
