import type { Kept } from './guard.ts'

/** Another system that can say who is signed in. */
export type Peer = {
  /** What each of the people sends. */
  readonly signedIn: readonly Headers[]
  isSignedIn(headers: Headers): Promise<boolean>
}

export type PeerOptions = {
  readonly kept: Kept
  /** Keeps the session in a signed cookie for five minutes and asks no database meanwhile. */
  readonly cookieCache: boolean
  readonly people: number
  /** For what is kept in SQLite. */
  readonly file: string
}

/** Loaded by address: peers have packages of their own, which this repository does not need otherwise. */
export async function betterAuth(options: PeerOptions): Promise<Peer> {
  const { href } = new URL('../peers/better-auth.ts', import.meta.url)
  const loaded: { betterAuthPeer(options: PeerOptions): Promise<Peer> } = await import(href)
  return loaded.betterAuthPeer(options)
}
