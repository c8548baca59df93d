import type { Auth } from '../auth.ts'
import type { Store } from '../store.ts'
import type { Tracer, TraceSpan } from '../tracing.ts'
import type { View } from '../view/view.ts'

/** What is done for somebody and may take a while. `authenticate` is not among them: a warm decision has no span. */
const OPERATIONS = [
  ...['signIn', 'signUp', 'signOut', 'refresh', 'renew', 'reauthenticate', 'changePassword', 'resetPassword'],
  ...['end', 'endOthers', 'endAll', 'endEveryone', 'revoke', 'introspect', 'setRoles', 'lock', 'unlock'],
] as const satisfies readonly (keyof Auth)[]

/** Ports that requests ask, and verbs of theirs that nobody waits for: those have no span, or there would be some every second. */
const PORTS = [
  'users',
  'credentials',
  'sessions',
  'denials',
  'tickets',
  'counters',
] as const satisfies readonly (keyof Store)[]
const UNSEEN: ReadonlySet<string | symbol> = new Set(['touch', 'endDue', 'endOlder', 'purge', 'source'])

const INTERNAL = 0
const CLIENT = 2
const ERROR = 2

type Verb = (...given: unknown[]) => unknown

/** The façade with a span for each operation, named `sallyport.signIn` and so on. */
export function tracedAuth(auth: Auth, tracer: Tracer | undefined): Auth {
  if (!tracer) return auth
  const over = OPERATIONS.map((name) => [name, within(tracer, `sallyport.${name}`, INTERNAL, auth[name] as Verb)])
  return { ...auth, ...Object.fromEntries(over) }
}

/** The view with a span for each wait until an ending is true everywhere. */
export function tracedView(view: View, tracer: Tracer | undefined): View {
  if (!tracer) return view
  return { ...view, settle: within(tracer, 'sallyport.settle', INTERNAL, view.settle as Verb) as View['settle'] }
}

/** The store with a span for each verb that a request may wait for, named `sallyport.store.sessions.find` and so on. */
export function tracedStore(store: Store, tracer: Tracer | undefined): Store {
  if (!tracer) return store
  const port = <P extends object>(name: string, verbs: P): P => {
    const known = new Map<string | symbol, Verb>()
    return new Proxy(verbs, {
      get(of, verb) {
        const value: unknown = Reflect.get(of, verb)
        if (typeof value !== 'function' || UNSEEN.has(verb)) return value
        const made = known.get(verb) ?? within(tracer, `sallyport.store.${name}.${String(verb)}`, CLIENT, value as Verb)
        known.set(verb, made)
        return made
      },
    })
  }
  return { ...store, ...Object.fromEntries(PORTS.map((name) => [name, port(name, store[name])])) }
}

/**
 * Does the same in a span. It says how it came out, by the code of a refusal or the kind of a fault, and nothing of whom it was
 * for. A tracer that throws is nobody's problem but its own (LG-07).
 */
function within(tracer: Tracer, name: string, kind: number, verb: Verb): Verb {
  return (...given) => {
    let begun: Promise<unknown> | null = null
    const carriedOut = async (span: TraceSpan) => {
      try {
        const result = await verb(...given)
        say(() => span.setAttribute('sallyport.outcome', outcomeOf(result)))
        return result
      } catch (fault) {
        say(() => span.setAttribute('error.type', fault instanceof Error ? fault.name : 'unknown'))
        say(() => span.setStatus({ code: ERROR }))
        throw fault
      } finally {
        say(() => span.end())
      }
    }
    try {
      tracer.startActiveSpan(name, { kind }, (span) => {
        begun = carriedOut(span)
      })
    } catch {}
    return begun ?? verb(...given)
  }
}

function say(telling: () => unknown): void {
  try {
    telling()
  } catch {}
}

function outcomeOf(result: unknown): string {
  const { ok, refusal } = (result ?? {}) as { readonly ok?: unknown; readonly refusal?: { readonly code?: unknown } }
  return ok === false ? String(refusal?.code) : 'ok'
}
