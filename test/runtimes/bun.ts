import { answer, listens } from './service.ts'

/** Of Bun, what is used of it. */
declare const Bun: {
  serve(options: { readonly port: number; readonly hostname: string; fetch(request: Request): Promise<Response> }): {
    readonly port: number
  }
}

const { port } = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  async fetch(request) {
    const { status, headers, body } = await answer(new URL(request.url).pathname, request.headers)
    return new Response(body, { status, headers })
  },
})
listens(port)
