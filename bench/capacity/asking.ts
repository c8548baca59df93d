import type { Calm, Measured } from '../lib/calm.ts'

/** What a command took: microseconds of the server's processors, and how many were answered in a second to all together. */
export type Cost = { readonly cpu: number; readonly perSecond: number }

/** A server, and who says whether others left it alone. */
export type Asked = { readonly server: Measured; readonly calm: Calm }

/** So many callers ask a server, each one question after the other, for so long. @param round from 1 */
export function busy(
  { server, calm }: Asked,
  callers: number,
  ms: number,
  ask: (caller: number, round: number) => Promise<unknown>,
): Promise<Cost> {
  return calm.with([server]).measure(() => once(server, callers, ms, ask))
}

async function once(
  server: Measured,
  callers: number,
  ms: number,
  ask: (caller: number, round: number) => Promise<unknown>,
): Promise<Cost> {
  const used = async () => (await server.ask<{ readonly user: number }>('cpu')).user
  const before = await used()
  const begun = performance.now()
  let count = 0
  async function goOn(caller: number): Promise<void> {
    for (let round = 1; performance.now() - begun < ms; round += 1) {
      await ask(caller, round)
      count += 1
    }
  }
  await Promise.all(Array.from({ length: callers }, (_, caller) => goOn(caller)))
  const perSecond = (count * 1000) / (performance.now() - begun)
  return { cpu: ((await used()) - before) / count, perSecond }
}
