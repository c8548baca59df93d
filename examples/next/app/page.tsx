import { at } from '../lib/auth.ts'

export default async function Home() {
  const who = await at.current()
  return (
    <main>{who ? <a href="/account">{who.user.email}</a> : <a href="/auth/sign-in?return=/account">Sign in</a>}</main>
  )
}
