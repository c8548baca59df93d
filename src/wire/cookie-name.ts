import type { SameSite } from './cookie.ts'

/** Everything of a protected cookie but its value. */
export type ProtectedCookie = {
  readonly name: string
  readonly path: string
  readonly domain?: string
  readonly httpOnly: true
  readonly secure: boolean
  readonly sameSite: SameSite
}

type Reach = { readonly sameSite: SameSite; readonly domain?: string }

/**
 * The attributes of a credential's cookie: `__Host-` wherever the browser accepts it, `__Secure-` when it is shared with
 * subdomains, and neither prefix nor `Secure` on plain http, which the start-up checks allow on localhost only (CK-01,
 * CK-12).
 */
export function protectedCookie(name: string, baseUrl: URL, options: Reach): ProtectedCookie {
  const secure = baseUrl.protocol === 'https:'
  const prefix = secure ? (options.domain === undefined ? '__Host-' : '__Secure-') : ''
  const domain = options.domain === undefined ? {} : { domain: options.domain }
  return { name: prefix + name, path: '/', ...domain, httpOnly: true, secure, sameSite: options.sameSite }
}

/**
 * The attributes of a cookie that goes to the paths below `path` only, and so cannot have the prefix `__Host-`: the refresh
 * token's, which no other request has to carry (RT-10).
 */
export function narrowCookie(name: string, baseUrl: URL, path: string, options: Reach): ProtectedCookie {
  const wide = protectedCookie(name, baseUrl, options)
  return { ...wide, name: wide.secure ? `__Secure-${name}` : name, path }
}
