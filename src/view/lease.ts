import type { Clock } from '../clock.ts'

/*
 * The invariant behind promise P1:
 *
 *   A node decides from its own memory only while it holds a lease, and a lease is a read: asked at t0, complete as of a
 *   snapshot taken after t0, on a row in good standing, wholly applied. It ends at t0 + L.
 *
 *   An ending committed at c returns when every registered row has acknowledged it, or when L x 1.01 has passed on the
 *   ender's clock since the commit was answered.
 *
 * A read whose snapshot precedes c was asked before c, so the lease it grants is over within L of c. A read whose
 * snapshot follows c carries the ending, and grants a lease only once that is applied. So when the ending returns, no
 * node holds a lease that does not know of it. No clock is compared with another machine's; the margin of 1 percent is
 * for clocks that run at different speeds.
 */

/** L: how long a read lets a node decide alone, milliseconds. */
export const LEASE_MS = 3000

/** How long an ender waits for rows that do not answer. */
export const SETTLE_MS = LEASE_MS * 1.01

/** A moment on both clocks. A suspended machine stops one of them and not the other, so a lease must hold on both. */
export type Moment = { readonly monotonic: number; readonly wall: number }

export function moment(clock: Clock): Moment {
  return { monotonic: clock.monotonic(), wall: clock.now() }
}

/** The end of the lease that a read asked at this moment can grant. */
export function leaseFrom(asked: Moment): Moment {
  return { monotonic: asked.monotonic + LEASE_MS, wall: asked.wall + LEASE_MS }
}

/** The end of a lease nobody holds. */
export const NO_LEASE: Moment = { monotonic: Number.NEGATIVE_INFINITY, wall: Number.NEGATIVE_INFINITY }

export function holds(lease: Moment, at: Moment): boolean {
  return at.monotonic < lease.monotonic && at.wall < lease.wall
}
