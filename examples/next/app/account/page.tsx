import { at } from '../../lib/auth.ts'
import { rename, signOut } from '../actions.ts'

export default async function Account() {
  const { user } = await at.page('/account')
  return (
    <main>
      <h1>{user.name || user.email}</h1>
      <form action={rename} id="rename">
        <input name="name" defaultValue={user.name} />
        <button type="submit">Save</button>
      </form>
      <form action={signOut} id="sign-out">
        <button type="submit">Sign out</button>
      </form>
    </main>
  )
}
