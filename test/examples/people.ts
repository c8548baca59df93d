import { type Answer, type Asking, ask } from '../adapters/client.ts'
import { PASSWORD } from '../support/house.ts'
import type { Started } from './started.ts'

/** What a browser sends that opens a page. */
export const HTML = { accept: 'text/html', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' } as const

export type Person = { readonly id: string; readonly email: string; readonly jar: string }

/** Asks an example, by the name it is configured with. */
export function asking(at: Pick<Started, 'port' | 'origin'>) {
  const get = (path: string, asked: Asking = {}): Promise<Answer> => ask(at.port, path, asked)
  const post = (path: string, asked: Asking = {}): Promise<Answer> =>
    ask(at.port, path, { method: 'POST', ...asked, headers: { origin: at.origin, ...asked.headers } })
  return {
    get,
    post,
    /** Somebody who has just signed up. */
    async member(label: string): Promise<Person> {
      const email = `${label}@example.com`
      const answer = await post('/auth/sign-up', { json: { email, password: PASSWORD } })
      return { id: userOf(answer), email, jar: answer.jar }
    },
    /** Follows the link that an example says when it starts. */
    async administrator(said: string): Promise<Person> {
      const { pathname, searchParams } = new URL(/setup: (\S+)/.exec(said)?.[1] ?? '')
      const email = 'admin@example.com'
      const form = { email, password: PASSWORD, name: 'Admin', token: searchParams.get('token') ?? '' }
      const { status, jar, text } = await post(pathname, { form, headers: HTML })
      if (status !== 303) throw new Error(`${status} ${text}`)
      return { id: userOf(await get('/auth/session', { cookie: jar })), email, jar }
    },
  }
}

function userOf({ body, text }: Answer): string {
  if (!body?.user) throw new Error(text)
  return (body.user as { readonly id: string }).id
}
