import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { requestOf } from '../../src/adapters/request.ts'
import { goneSignal, sendResponse } from '../../src/adapters/send.ts'
import { wholeResponse } from '../../src/wire/whole.ts'
import { ask } from './client.ts'
import { listening } from './listening.ts'

const SETTING = { baseUrl: new URL('http://localhost') }

const read = (incoming: IncomingMessage, outgoing: ServerResponse) =>
  requestOf(incoming, SETTING, false, () => goneSignal(outgoing)) as Request

/** A client that asks and leaves, and what the server made of it. */
async function left(serve: (request: Request, outgoing: ServerResponse) => Promise<boolean>): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const served = await listening(
    createServer((incoming, outgoing) => {
      serve(read(incoming, outgoing), outgoing).then(resolve, reject)
      outgoing.flushHeaders()
    }),
  )
  const client = connect(served.port, '127.0.0.1', () => client.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n'))
  await once(client, 'data')
  client.destroy()
  const said = await promise
  await served.close()
  return said
}

it('the signal of a request fires when its client is gone', async () => {
  expect(
    await left(async ({ signal }) => {
      expect(signal.aborted).toBe(false)
      await once(signal, 'abort')
      return signal.aborted
    }),
  ).toBe(true)
})

it('and has fired for who asks for it later', async () => {
  expect(
    await left(async (request, outgoing) => {
      await once(outgoing, 'close')
      const { signal } = request
      return signal.aborted && signal === request.signal
    }),
  ).toBe(true)
})

it('a client that had its answer is not gone', async () => {
  let signal: AbortSignal | null = null
  const served = await listening(
    createServer((incoming, outgoing) => {
      const request = read(incoming, outgoing)
      signal = request.signal
      void sendResponse(outgoing, wholeResponse('{"a":"ü"}', { headers: { 'content-type': 'application/json' } }))
    }),
  )
  const answer = await ask(served.port, '/')
  expect(answer).toMatchObject({ status: 200, text: '{"a":"ü"}', headers: { 'content-length': '10' } })
  await served.close()
  expect((signal as AbortSignal | null)?.aborted).toBe(false)
})
