import type { KeyObject } from 'node:crypto'
import type { Algorithm } from '../../src/crypto.ts'

/** Another library that verifies a token. Throws, or rejects, when it is not good. */
export type TokenPeer = { readonly name: string; verify(token: string): unknown }

export type TokenPeerOptions = {
  readonly alg: Algorithm
  readonly verifier: KeyObject
  readonly issuer: string
  readonly audience: string
}

export type TokenPeers = {
  /** fast-jwt with its cache, which holds so many tokens. */
  fastJwtCached(options: TokenPeerOptions, tokens: number): TokenPeer
  /** Those that support the algorithm, none with a cache. */
  verifiers(options: TokenPeerOptions): Promise<readonly TokenPeer[]>
}

/** Loaded by address: peers have packages of their own, which this repository does not need otherwise. */
export async function tokenPeers(): Promise<TokenPeers> {
  const { href } = new URL('../peers/tokens.ts', import.meta.url)
  return import(href)
}
