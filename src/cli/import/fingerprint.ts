/** Of so many bytes at a time, so that it can go on from where it was. */
const BLOCK = 1_048_576

/** Tells whether the bytes before a place in a file are those that were read (SHA-256, over blocks). */
export type Fingerprint = {
  add(bytes: Uint8Array): Promise<void>
  /** Of all that was added so far, hex. */
  value(): Promise<string>
}

export function fingerprint(): Fingerprint {
  let before: Uint8Array = new Uint8Array(32)
  let pending: Uint8Array = new Uint8Array()

  return {
    async add(bytes) {
      pending = Buffer.concat([pending, bytes])
      while (pending.length >= BLOCK) {
        before = await digest(before, pending.subarray(0, BLOCK))
        pending = pending.slice(BLOCK)
      }
    },
    value: async () => Buffer.from(await digest(before, pending)).toString('hex'),
  }
}

async function digest(before: Uint8Array, bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', Buffer.concat([before, bytes])))
}
