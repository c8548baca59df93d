import { at } from '../../../../lib/auth.ts'

type Context = { params: Promise<{ area: string }> }

export const GET = at.protect('/[area]/list')(async (_: Request, { params }: Context) => {
  return Response.json({ area: (await params).area })
})
