/*
 * What is needed of OpenTelemetry. A `Tracer` of `@opentelemetry/api` fits as it is, so the library imports nothing of it: there is
 * nothing to load, to bundle or to pay for where nobody traces.
 */

/** A span that has begun. */
export interface TraceSpan {
  setAttribute(name: string, value: string): unknown
  /** 2 is an error. */
  setStatus(status: { code: number }): unknown
  end(): void
}

/** `trace.getTracer('sallyport')`. */
export interface Tracer {
  /** Begins a span and makes it the parent of those that begin while `run` goes on. Answers what `run` does. */
  startActiveSpan<T>(name: string, options: { readonly kind?: number }, run: (span: TraceSpan) => T): T
}
