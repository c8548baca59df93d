import { StoreUnavailable } from '../../errors.ts'

/** Makes a port's verb of what it does: one synchronous step, run when called, refused once the store is closed. */
export type Verb = <A extends readonly unknown[], R>(step: (...given: A) => R) => (...given: A) => Promise<R>

export function verbs(isClosed: () => boolean): Verb {
  return (step) =>
    async (...given) => {
      if (isClosed()) throw new StoreUnavailable('the memory store is closed: call open() on its source first')
      return step(...given)
    }
}
