import type { Refusal } from './errors.ts'

/**
 * What a question to the guard comes back as. A refusal is a value, because being refused is ordinary;
 * only faults (a store that cannot answer, a bug) are thrown.
 */
export type Result<T> = { readonly ok: true; readonly value: T } | Refused

export type Refused = { readonly ok: false; readonly refusal: Refusal }

export function ok<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value }
}

export function refused(refusal: Refusal): Refused {
  return { ok: false, refusal }
}
