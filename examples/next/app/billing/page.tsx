import { at } from '../../lib/auth.ts'

export default async function Billing() {
  const { user } = await at.page('/billing')
  return <main>Invoices of {user.email}</main>
}
