import type { ServiceInfo } from '../index.ts'
import { FailureError, failure } from './failure.ts'
import { plain, print, table, time } from './output.ts'
import { BY_CLI, withAuth } from './with-auth.ts'

type Output = { readonly json?: boolean }

/** `services create`. */
export async function create(name: string, { json }: Output): Promise<void> {
  await withAuth(async (auth) => {
    const made = await auth.services.create(name, BY_CLI)
    if (!made.ok) throw failure(made.refusal)
    print(json, made.value, (service) =>
      [
        `made ${plain(service.name)}`,
        `id      ${service.id}`,
        `secret  ${service.secret}`,
        'The secret is shown this once: only its digest is kept.',
      ].join('\n'),
    )
  })
}

/** `services list`. */
export async function list({ json }: Output): Promise<void> {
  await withAuth(async (auth) => {
    const services = await auth.services.list()
    print(json, { services }, (found) =>
      found.services.length === 0 ? 'no services' : table(['ID', 'NAME', 'MADE (UTC)'], found.services.map(row)),
    )
  })
}

/** `services remove`. */
export async function remove(id: string, { json }: Output): Promise<void> {
  await withAuth(async (auth) => {
    const removed = await auth.services.remove(id, BY_CLI)
    if (!removed.ok) throw new FailureError(`there is no service ${plain(id)}`)
    print(json, { removed: id }, () => `${plain(id)} is removed, and its secret opens nothing any more`)
  })
}

function row({ id, name, createdAt }: ServiceInfo): readonly string[] {
  return [id, plain(name), time(createdAt)]
}
