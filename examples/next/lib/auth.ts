import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { NextResponse } from 'next/server'
import * as react from 'react'
import { createAuth, session } from 'sallyport'
import { gate, shared } from 'sallyport/next'
import { pages } from 'sallyport/pages'
import { sqlite } from 'sallyport/sqlite'

const file = process.env.AUTH_DB ?? '.data/auth.db'
mkdirSync(dirname(file), { recursive: true })

// One for the process: the proxy, pages and routes are bundles of their own.
export const auth = shared('auth', () =>
  createAuth({
    store: sqlite(file),
    strategy: session(),
    baseUrl: process.env.AUTH_URL ?? 'http://localhost:3000',
    secret: process.env.AUTH_SECRET ?? 'for development only: 0123456789abcdef',
    timeouts: { sections: [{ path: '/billing', reauthenticate: '2s' }] },
  }),
)

export const at = gate(
  auth,
  { headers, cookies, redirect, NextResponse, cache: react.cache },
  {
    pages: pages(auth),
    // The proxy in front sets it anew. Without one, leave this out.
    ...(process.env.BEHIND_PROXY === '1' && { remote: (headers) => headers.get('x-real-ip') ?? undefined }),
  },
)
