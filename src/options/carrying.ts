import type { Algorithm, KeyMaterial } from '../crypto.ts'
import type { Duration } from '../duration.ts'

/** What the cookies are called, and which sites send them. */
export type CookieOptions = {
  /**
   * Without prefix: `sid` becomes `__Host-sid`, or `__Secure-sid` with a domain. It must not name the product. Access and refresh tokens
   * have names of their own, `at` and `rt`.
   * @default 'sid'
   */
  readonly name: string
  /**
   * Which requests from other sites bring the cookie along. `none` takes an https `baseUrl`.
   * @default 'lax'
   */
  readonly sameSite: 'lax' | 'strict' | 'none'
  /**
   * Shares the cookie with subdomains; every one of them can then plant one, so leave it out if you can.
   * @default none: the host alone
   */
  readonly domain?: string
}

/** The keys that sign tokens. */
export type KeyOptions = {
  /**
   * What generated keys sign by.
   * @default 'EdDSA'
   */
  readonly alg?: Algorithm
  /**
   * How long a key signs.
   * @default '30d'
   */
  readonly rotateEvery?: Duration
  /**
   * How long a key is published before it signs, so that everybody has it by then.
   * @default '1h'
   */
  readonly publishFor?: Duration
  /**
   * How much longer and earlier than they say tokens are good, for servers whose clocks differ; at most a minute.
   * @default 0
   */
  readonly leeway?: Duration
  /**
   * Keys of your own instead: the first signs, all verify, none rotates. One `HS256` secret may be shared by several servers.
   * @default []
   */
  readonly import?: readonly KeyMaterial[]
}
