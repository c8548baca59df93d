export type { GateOptions } from './adapters/gate.ts'
export { gate, type HonoContext, type HonoGate, type HonoMiddleware, type HonoOptions } from './adapters/hono.ts'
export type { Emit, EventSource } from './adapters/stream.ts'
