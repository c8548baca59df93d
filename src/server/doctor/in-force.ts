import { ConfigurationError, createAuth, memory, type Options } from '../../index.ts'

/** The policy that administrators have set, over the options; null before the first change. */
export type InForce = Awaited<ReturnType<ReturnType<typeof createAuth>['policy']['read']>>

type Deciding = Pick<Options, 'strategy' | 'baseUrl' | 'secret' | 'roles' | 'timeouts' | 'sessionLimit'>

/**
 * What a server makes of a stored policy: asked of a guard that has nothing else.
 * @returns a message where no server starts with both
 */
export async function inForce(
  { strategy, baseUrl, secret, roles = [], timeouts = {}, sessionLimit = null }: Deciding,
  stored: Readonly<Record<string, unknown>> | null,
): Promise<InForce | string | null> {
  if (stored === null) return null
  const store = memory()
  await store.settings.replacePolicy(0, stored)
  const auth = createAuth({ store, strategy, baseUrl, secret, roles, timeouts, sessionLimit })
  try {
    return await auth.policy.read()
  } catch (fault) {
    if (fault instanceof ConfigurationError) return fault.message
    throw fault
  } finally {
    await auth.close()
  }
}
