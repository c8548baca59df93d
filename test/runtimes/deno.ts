import { answer, listens } from './service.ts'

/** Of Deno, what is used of it. */
declare const Deno: {
  serve(
    options: { readonly port: number; readonly hostname: string; onListen(at: { readonly port: number }): void },
    handler: (request: Request) => Promise<Response>,
  ): unknown
}

Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: ({ port }) => listens(port) }, async (request) => {
  const { status, headers, body } = await answer(new URL(request.url).pathname, request.headers)
  return new Response(body, { status, headers })
})
