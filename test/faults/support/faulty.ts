import { AsyncLocalStorage } from 'node:async_hooks'
import { StoreUnavailable } from '../../../src/errors.ts'
import type { Source, Store } from '../../../src/store.ts'

/** What a fault says inside. None of it may leave. */
export const INNER = 'inner-secret-of-the-store'

/**
 * How a verb fails. `unavailable` and `bug` throw; `hangs` answers when the store is well again, having done what it was
 * asked; `lost` does it and throws; `nothing` and `nonsense` answer with what no store answers.
 */
export type Failure = 'unavailable' | 'bug' | 'hangs' | 'lost' | 'nothing' | 'nonsense'

/** The verbs that one request has called, now or later, and whether any of them failed on purpose. */
export type Calls = { readonly verbs: ReadonlySet<string>; readonly met: boolean }

/** A store with verbs that can be made to fail: `sessions.find`, `feed.read`, `source.ping`, … */
export type FaultyStore = {
  readonly store: Store
  readonly verbs: readonly string[]
  /** From now on these verbs fail; all of them without a name. */
  fail(how: Failure, ...verbs: readonly string[]): void
  heal(): void
  /** Runs, and tells what of the store it called. */
  noting<T>(run: () => Promise<T>): { readonly result: Promise<T>; readonly calls: Calls }
}

type Verb = (...given: readonly never[]) => Promise<unknown>

export function faulty(inner: Store): FaultyStore {
  const verbs: string[] = []
  const noted = new AsyncLocalStorage<{ verbs: Set<string>; met: boolean }>()
  let failing: ReadonlySet<string> = new Set()
  let how: Failure = 'unavailable'
  let healed: PromiseWithResolvers<void> = Promise.withResolvers()

  function failure(real: () => Promise<unknown>): Promise<unknown> {
    switch (how) {
      case 'unavailable':
        return Promise.reject(new StoreUnavailable(INNER))
      case 'bug':
        return Promise.reject(new TypeError(INNER))
      case 'hangs':
        return healed.promise.then(real)
      case 'lost':
        return real().then(() => Promise.reject(new StoreUnavailable(INNER)))
      case 'nothing':
        return Promise.resolve(undefined)
      case 'nonsense':
        return Promise.resolve({ ok: true, value: true, user: { status: 'active' }, [INNER]: INNER })
    }
  }

  function wrapped<T extends object>(name: string, part: T, replaced: Partial<T> = {}): T {
    const wrappedVerbs = Object.entries(part).flatMap(([key, verb]) => {
      if (typeof verb !== 'function' || key === 'onAppend') return []
      const full = `${name}.${key}`
      verbs.push(full)
      const call: Verb = (...given) => {
        const real = () => (verb as Verb)(...given)
        const calls = noted.getStore()
        calls?.verbs.add(full)
        if (!failing.has(full)) return real()
        if (calls) calls.met = true
        return failure(real)
      }
      return [[key, call] as const]
    })
    return { ...part, ...Object.fromEntries(wrappedVerbs), ...replaced }
  }

  const sources = new Map<Source, Source>()
  function sourceOf(source: Source): Source {
    const known = sources.get(source)
    if (known) return known
    const made = wrapped('source', source, { feed: wrapped('feed', source.feed) })
    sources.set(source, made)
    return made
  }

  const ports = Object.entries(inner).map(([name, port]) => {
    return [name, wrapped(name, port as { source: Source }, { source: sourceOf(port.source) })] as const
  })
  return {
    store: Object.fromEntries(ports) as unknown as Store,
    verbs,
    fail(failure, ...names) {
      how = failure
      failing = new Set(names.length > 0 ? names : verbs)
      healed = Promise.withResolvers()
    },
    heal() {
      failing = new Set()
      healed.resolve()
    },
    noting(run) {
      const calls = { verbs: new Set<string>(), met: false }
      return { result: noted.run(calls, run), calls }
    },
  }
}
