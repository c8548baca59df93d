import type { Carried } from '../../../src/strategy.ts'

/** What a browser holds, or whoever copied it. */
export type Jar = {
  readonly access: string
  readonly refresh: string
  /** The counter that the access token says. */
  readonly number: number
  /** That of the refresh token, which may have come with another answer. */
  readonly refreshNumber: number
  /** When the access token is over. */
  readonly accessEnds: number
  readonly claims: Claims
}

/** What services go by. Seconds. */
export type Claims = {
  readonly auth_time: number
  readonly amr: readonly string[]
  readonly exp: number
  readonly sub: string
  readonly sid: string
  readonly ctr: number
}

/** The `Cookie` header of a request to the refresh route, or with the access token alone, of one to any other. */
export function cookiesOf({ access, refresh }: Jar, to: 'refresh' | 'elsewhere'): string {
  return to === 'refresh' ? `${access}; ${refresh}` : access
}

/** What a browser holds after these cookies were set. @param held what it holds besides: the refresh token is not always set */
export function jarOf({ cookies }: Carried, held?: Pick<Jar, 'refresh' | 'refreshNumber'>): Jar {
  const [access, set] = cookies.map((cookie) => cookie.split(';')[0] ?? '')
  const refresh = set ?? held?.refresh
  if (!access?.startsWith('__Host-at=') || !refresh?.startsWith('__Secure-rt=')) throw new Error('no tokens')
  const claims = claimsOf(access)
  const refreshNumber = set === undefined && held ? held.refreshNumber : claims.ctr
  return { access, refresh, number: claims.ctr, refreshNumber, accessEnds: claims.exp * 1000, claims }
}

/** Unverified: of a token that was just handed out. */
function claimsOf(accessToken: string): Claims {
  const [, payload = ''] = accessToken.split('.')
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims
}
