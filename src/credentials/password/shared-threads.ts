/**
 * libuv's pool has four threads. Files are read, names resolved and WebCrypto computed by the same ones: one of them stays free.
 */
const MOST = 3

let running = 0
const waiting: (() => void)[] = []

/** Runs costly work that occupies a thread of libuv's pool, so many at once in this process, in order of arrival. */
export async function onSharedThread<T>(job: () => Promise<T>): Promise<T> {
  if (running < MOST) running += 1
  else await new Promise<void>((turn) => waiting.push(turn))
  try {
    return await job()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}
