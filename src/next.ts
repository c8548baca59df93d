export type { GateOptions } from './adapters/gate.ts'
export { gate, type NextGate, type NextOptions, NextRefused, shared } from './adapters/next.ts'
export type { NextParts } from './adapters/next-parts.ts'
export type { Emit, EventSource } from './adapters/stream.ts'
