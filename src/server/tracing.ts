import type { Options } from '../index.ts'

/** Where the first major version of the API keeps what an SDK has registered. */
const REGISTERED = Symbol.for('opentelemetry.js.api.1')

/**
 * The tracer of an OpenTelemetry SDK that was started before the server, as by `node --import ./telemetry.mjs`; none is loaded where
 * none was. A program of your own hands its tracer to `createAuth`.
 */
export async function startedTracer(): Promise<Options['tracer'] | undefined> {
  const registered = (globalThis as Record<symbol, { readonly trace?: unknown } | undefined>)[REGISTERED]
  if (!registered?.trace) return undefined
  const api = await import('@opentelemetry/api').catch(() => null)
  return api?.trace.getTracer('sallyport')
}
