'use server'

import { at, auth } from '../lib/auth.ts'

export async function signOut() {
  await at.signOut('/')
}

export async function rename(form: FormData) {
  const { user } = await at.action('/account')
  await auth.users.edit(user.id, { name: String(form.get('name')) })
}
