import type { KeyInfo, Result } from '../index.ts'
import { FailureError } from './failure.ts'
import { plain, print, table, time } from './output.ts'
import { BY_CLI, withAuth } from './with-auth.ts'

type Output = { readonly json?: boolean }

/** `keys list`. */
export async function list({ json }: Output): Promise<void> {
  await withAuth(async (auth) => {
    const keys = await auth.keys.list()
    print(json, { keys }, (found) => {
      if (found.keys.length === 0)
        return 'no keys: none is needed by session(), and the server makes the first one at its start'
      return table(HEAD, found.keys.map(row))
    })
  })
}

/** `keys rotate`. */
export async function rotate({ json }: Output): Promise<void> {
  await withAuth(async (auth) => {
    const key = done(await auth.keys.rotate(BY_CLI))
    const from = key.signsFrom === null ? '' : `, signs from ${time(key.signsFrom)} UTC`
    print(json, key, ({ kid, alg }) => `${kid} (${alg}) is published${from}`)
  })
}

/** `keys remove`. */
export async function remove(kid: string, { json }: Output): Promise<void> {
  await withAuth(async (auth) => {
    const removed = await auth.keys.remove(kid, BY_CLI)
    if (!removed.ok && removed.refusal.code === 'not_found') throw new FailureError(`there is no key ${plain(kid)}`)
    done(removed)
    print(json, { removed: kid }, () => `${plain(kid)} is removed, and every token it signed is dead`)
  })
}

function done<T>(result: Result<T>): T {
  if (result.ok) return result.value
  throw new FailureError(result.refusal.detail ?? result.refusal.code)
}

const HEAD = ['KEY', 'ALGORITHM', 'STATE', 'MADE (UTC)', 'SIGNS FROM', 'REMOVED']

function row({ kid, alg, state, createdAt, signsFrom, removedAt, imported }: KeyInfo): readonly string[] {
  const at = (moment: number | null) => (moment === null ? '' : time(moment))
  return [plain(kid), alg, imported ? `${state}, imported` : state, at(createdAt), at(signsFrom), at(removedAt)]
}
