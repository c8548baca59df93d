import type { Fields } from '../../user.ts'

/** A copy that nobody can change: plain objects and arrays all the way down. Keys such as `__proto__` stay keys. */
export function frozen<T>(value: T): T {
  return freeze(structuredClone(value))
}

/** The application's JSON, as any other store would hand it back: what JSON cannot say is gone, nothing is shared. */
export function json<F extends Fields>(fields: F): F {
  return freeze(JSON.parse(JSON.stringify(fields)) as F)
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) freeze(inner)
    Object.freeze(value)
  }
  return value
}
