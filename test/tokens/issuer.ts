import { vi } from 'vitest'
import { ALGORITHMS, type Algorithm, generateKey, type SigningKey } from '../../src/crypto.ts'
import type { Session } from '../../src/session.ts'
import type { Subject } from '../../src/strategy.ts'
import { accessTokens } from '../../src/tokens/access.ts'
import { CLAIMS, ISSUER, NOW } from '../support/signed.ts'

export const made = await Promise.all(ALGORITHMS.map(async (alg) => [alg, await generateKey(alg)] as const))
export const byAlg = Object.fromEntries(made) as Record<Algorithm, SigningKey>
export const stranger = await generateKey('EdDSA')
export const key = byAlg.EdDSA

export const SUBJECT: Subject = {
  session: {
    id: CLAIMS.sid as Session['id'],
    userId: CLAIMS.sub as Session['userId'],
    strategy: 'hybrid',
    createdAt: NOW - 60_000,
    authenticatedAt: NOW - 60_000,
    lastActiveAt: NOW,
    longestIdle: 0,
    idleTimeout: 1_800_000,
    expiresAt: NOW + 3_600_000,
    amr: ['pwd'],
    remember: false,
    device: { browser: 'Firefox', os: 'Linux', type: 'desktop' },
    ip: '192.0.2.77',
    generation: 0,
    everyone: 0,
    fields: { note: 'a note of the application' },
    endedAt: null,
    endReason: null,
  },
  user: { roles: ['member'], version: 1 },
}

/** The kids that the readers below asked for, and the sessions they were asked about. To be forgotten before each test. */
export const asked: string[] = []
export const sessionOf = vi.fn(() => null)
export function forget(): void {
  asked.length = 0
  sessionOf.mockClear()
}

/** Begun anew, so that no token is known; keeps a list of the kids it was asked for. */
export function tokens(...held: readonly SigningKey[]) {
  const keys = {
    signing: () => held[0] as SigningKey,
    find(kid: string) {
      asked.push(kid)
      return held.find((one) => one.kid === kid) ?? null
    },
  }
  return accessTokens({ issuer: ISSUER, audience: ISSUER, keys, epoch: () => CLAIMS.epo, sessionOf })
}

export const make = (from = tokens(key)) => from.make(SUBJECT, NOW + 300_000, { counter: 0, own: null }, NOW)
export const readBy = (signingKey: SigningKey, text: string) => tokens(signingKey).read(text, NOW)
