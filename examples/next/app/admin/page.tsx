import { role } from 'sallyport'
import { at } from '../../lib/auth.ts'

export default async function Admin() {
  const { user } = await at.page('/admin', role('admin'))
  return <main>Administrator {user.email}</main>
}
