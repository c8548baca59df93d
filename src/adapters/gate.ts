import type { Auth } from '../auth.ts'
import { ConfigurationError } from '../errors.ts'
import type { Authenticated } from '../guard.ts'
import type { Fields } from '../user.ts'
import type { PageHandler } from './mount.ts'
import type { WaysIn } from './reply.ts'

/** What every adapter may be told. */
export type GateOptions = WaysIn & {
  /**
   * The hosted pages: `pages(auth)` of `sallyport/pages`. They are served beside the API.
   * @default none
   */
  readonly pages?: PageHandler
}

/** Where a request keeps who it is from. Nobody else can write there. */
export const WHO: unique symbol = Symbol('who')

/** A request, once it was let in. */
export type Admitted = { [WHO]?: Authenticated }

/**
 * Who a protected request is from.
 * @throws ConfigurationError when nothing protects the route
 */
export function whoOf<UF extends Fields, SF extends Fields>(_auth: Auth<UF, SF>) {
  return (request: object): Authenticated<UF, SF> => {
    const who = (request as Admitted)[WHO]
    if (who) return who as Authenticated<UF, SF>
    throw new ConfigurationError('who() was asked on a route that nothing protects: put protect() before it')
  }
}
