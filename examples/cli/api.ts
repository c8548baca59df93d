import { createServer } from 'node:http'
import { createAuth, hybrid } from 'sallyport'
import { gate } from 'sallyport/node'
import { sqlite } from 'sallyport/sqlite'
import { run } from '../common/run.ts'
import { settings } from '../common/settings.ts'

/** The API: sign-in below `/auth`, and one route of its own. */
export async function serve(): Promise<void> {
  const own = settings(import.meta.dirname)
  const auth = createAuth({
    store: sqlite(own.file('auth.db')),
    strategy: hybrid({ accessTtl: '1m' }),
    baseUrl: own.url,
    secret: own.secret,
    // A shell is used now and then: people stay signed in on it for a month, if it is used every two weeks.
    timeouts: { remember: { idle: '14d', absolute: '30d' } },
  })
  const { handler, protect, who } = gate(auth)
  const member = protect()

  const server = createServer((request, response) => {
    handler(request, response, () => {
      if (request.url !== '/api/whoami') response.writeHead(404).end()
      else {
        member(request, response, () => {
          const { user, session } = who(request)
          response.setHeader('Content-Type', 'application/json').setHeader('Cache-Control', 'no-store')
          response.end(JSON.stringify({ email: user.email, roles: user.roles, signedInAt: session.createdAt }))
        })
      }
    })
  })
  await run(auth, server, own, false)
}
