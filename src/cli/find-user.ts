import type { Auth, User } from '../index.ts'
import { FailureError } from './failure.ts'
import { plain } from './output.ts'

/** A user by address or id. @throws FailureError when there is none. */
export async function findUser(auth: Auth, emailOrId: string): Promise<User> {
  const user = emailOrId.includes('@') ? await auth.users.findByEmail(emailOrId) : await auth.users.find(emailOrId)
  if (!user) throw new FailureError(`there is no user ${plain(emailOrId)}`)
  return user
}
