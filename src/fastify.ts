export { type FastifyGate, gate } from './adapters/fastify.ts'
export type { GateOptions } from './adapters/gate.ts'
export type { Socket, SocketServer, UpgradeListener } from './adapters/sockets.ts'
export type { Emit, EventSource } from './adapters/stream.ts'
