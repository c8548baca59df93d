import { vi } from 'vitest'

/*
 * The native hash, counted: how often it was asked, and how many were under way at once. Tests put
 * `counted()` in its place with `vi.mock`.
 */

type Verified = { readonly cost: string | undefined; readonly peppered: boolean }

export const native = { hashes: 0, verifications: 0, running: 0, most: 0, records: [] as Verified[] }

export function forgetCounts(): void {
  Object.assign(native, { hashes: 0, verifications: 0, running: 0, most: 0, records: [] })
}

export async function counted() {
  const real = await vi.importActual<typeof import('../../src/credentials/password/argon2-threads.ts')>(
    '../../src/credentials/password/argon2-threads.ts',
  )
  const watch = async <T>(work: Promise<T>): Promise<T> => {
    native.running += 1
    native.most = Math.max(native.most, native.running)
    try {
      return await work
    } finally {
      native.running -= 1
    }
  }
  return {
    ...real,
    hash: (...given: Parameters<typeof real.hash>) => {
      native.hashes += 1
      return watch(real.hash(...given))
    },
    verify: (...given: Parameters<typeof real.verify>) => {
      native.verifications += 1
      native.records.push({ cost: String(given[0]).split('$')[3], peppered: given[2] !== null })
      return watch(real.verify(...given))
    },
  }
}
