import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Served } from './frame.ts'

/** A server that listens somewhere, and closes with everything that is open. */
export async function listening(server: Server): Promise<Served> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
