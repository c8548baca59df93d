import { onTestFinished } from 'vitest'
import type { Auth } from '../../src/auth.ts'
import type { Carrier } from '../../src/carrier.ts'
import { generateKey, type SigningKey } from '../../src/crypto.ts'
import type { Options, StrategyFactory } from '../../src/options.ts'
import type { Store } from '../../src/store.ts'
import { type House, holding, house } from '../support/house.ts'
import { headerOf, jws, material, read } from '../support/signed.ts'

/** The key of the installations below. */
export const key = await generateKey('EdDSA')
/** Another key under the same name. */
export const stranger: SigningKey = { ...(await generateKey('EdDSA')), kid: key.kid }

/** An installation whose key is ours, so that tokens can be signed beside it. Closed after the test. */
export async function begin(
  strategy: StrategyFactory,
  options: Parameters<typeof house>[0] = {},
  by: SigningKey = key,
): Promise<House> {
  const one = await house({ strategy, keys: { import: [material(by)] }, ...options })
  onTestFinished(() => one.close())
  return one
}

/** The same with keys of its own. */
export const beginWithOwnKeys = (strategy: StrategyFactory, options: Partial<Options> = {}): Promise<House> =>
  begin(strategy, { keys: {}, ...options })

export const tokenIn = (cookie: string): string => cookie.slice(cookie.indexOf('=') + 1)
export const bearer = (token: string): Carrier => holding({ bearer: token })
export const inCookie = (token: string): Carrier => holding({ cookie: `__Host-at=${token}` })
export const headers = (given: Readonly<Record<string, string>>): Carrier => ({
  get: (name) => given[name.toLowerCase()] ?? null,
})

/** What becomes of a request: `in`, or why not. */
export async function codeOf(auth: Auth, carrier: Carrier): Promise<string> {
  const found = await auth.authenticate(carrier)
  return found.ok ? 'in' : found.refusal.code
}

/** The token of someone who has just signed up, and what it would be with other claims, signed as it was. */
export async function entered(one: House, label: string, by: SigningKey = key) {
  const { cookie, signedIn, carrier } = await one.enter(label)
  const token = tokenIn(cookie)
  const { payload } = read(token)
  const resigned = (claims: object, header: Readonly<Record<string, unknown>> = {}): string =>
    jws(by, headerOf(by, header), { ...payload, ...claims })
  return { token, cookie, signedIn, carrier, payload, resigned }
}

/** A store that tells what it was asked. */
export function spied(store: Store): { readonly store: Store; readonly asked: string[] } {
  const asked: string[] = []
  const ports = Object.entries(store).map(([port, verbs]) => [port, telling(port, verbs, asked)])
  return { store: Object.fromEntries(ports) as Store, asked }
}

function telling(port: string, verbs: object, asked: string[]): object {
  const told = Object.entries(verbs).map(([name, verb]) => {
    if (typeof verb !== 'function') return [name, verb]
    const verbTelling = (...given: unknown[]) => {
      asked.push(`${port}.${name} ${JSON.stringify(given)}`)
      return verb(...given)
    }
    return [name, verbTelling]
  })
  return Object.fromEntries(told)
}
