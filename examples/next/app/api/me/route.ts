import { at } from '../../../lib/auth.ts'

const me = at.protect('/api/me')((request) => {
  const { user, session, via } = at.who(request)
  const body = { email: user.email, sid: session.id, transport: via.transport }
  return Response.json(body, { headers: { 'set-cookie': 'own=1' } })
})

export const GET = me
export const POST = me
