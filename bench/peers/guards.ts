import fastifyJwtPlugin from '@fastify/jwt'
import { RedisStore } from 'connect-redis'
import type { Request, Response } from 'express'
import expressSessions from 'express-session'
import { getIronSession } from 'iron-session'
import { createClient } from 'redis'
import type { Guards } from '../servers/framework.ts'
import { betterAuthPeer } from './better-auth.ts'

const SECRET = 'k3V9-xQ2m_Tz81LrPw7uHd4YbNf6sGjEo0'

/** express-session with connect-redis, as their guides have it: nothing is written that was not changed, but the time of use. */
export const expressSession: Guards['expressSession'] = async (redis) => {
  const client = createClient({ url: redis })
  await client.connect()
  const sessions = expressSessions({
    store: new RedisStore({ client }),
    secret: SECRET,
    resave: false,
    saveUninitialized: false,
  })
  return {
    before: [sessions, (request, response, next) => (request.session.user ? next() : response.status(401).end())],
    signIn: [
      sessions,
      (request, response) => {
        request.session.user = { id: request.query.person, roles: ['member'] }
        response.end()
      },
    ],
  }
}

/** iron-session: all of it in an encrypted cookie. */
export const ironSession: Guards['ironSession'] = () => {
  const of = (request: Request, response: Response) =>
    getIronSession(request, response, { password: SECRET, cookieName: 'iron' })
  return {
    before: [
      async (request, response, next) => ((await of(request, response)).user ? next() : response.status(401).end()),
    ],
    signIn: [
      async (request, response) => {
        const session = await of(request, response)
        session.user = { id: request.query.person, roles: ['member'] }
        await session.save()
        response.end()
      },
    ],
  }
}

/** @fastify/jwt with its cache of verified tokens; HS256, which is what its guide begins with. */
export const fastifyJwt: Guards['fastifyJwt'] = async (app, people) => {
  await app.register(fastifyJwtPlugin, { secret: SECRET, verify: { cache: people * 10 } })
  const tokens = Array.from({ length: people }, (_, i) => app.jwt.sign({ sub: `${i}`, roles: ['member'] }))
  return {
    guard: (request, _reply, done) => request.jwtVerify(done),
    headers: tokens.map((token) => ({ authorization: `Bearer ${token}` })),
  }
}

/** Better Auth in memory, with the cookie that spares it the database. */
export const honoBetterAuth: Guards['honoBetterAuth'] = async (people) => {
  const peer = await betterAuthPeer({ kept: 'memory', cookieCache: true, people, file: '' })
  return {
    guard: async (c, next) => ((await peer.isSignedIn(c.req.raw.headers)) ? next() : c.body(null, 401)),
    headers: peer.signedIn.map((headers) => Object.fromEntries(headers)),
  }
}
