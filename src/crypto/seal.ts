import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'

/** Keys that seal what is kept, newest first. Objects that show nothing of themselves. */
export type Sealing = readonly { readonly name: string; readonly key: KeyObject }[]

/** `1.` names this form; then which key, the nonce, the tag, and what was sealed. */
const FORM = /^1\.([A-Za-z0-9_-]{8})\.([A-Za-z0-9_-]{16})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]*)$/

const NONCE_BYTES = 12

/** The keys of the master secrets, newest first: the first seals, all open. */
export function sealing(masterSecrets: readonly string[]): Sealing {
  return masterSecrets.map((secret) => {
    const bytes = new Uint8Array(hkdfSync('sha256', secret, '', 'sallyport/1 seal', 32))
    const name = new Uint8Array(hkdfSync('sha256', secret, '', 'sallyport/1 seal name', 6))
    return { name: Buffer.from(name).toString('base64url'), key: createSecretKey(bytes) }
  })
}

/** AES-256-GCM under the newest key; `purpose` has to be said again to open it, so that nothing sealed passes for something else. */
export function seal(keys: Sealing, text: string, purpose: string): string {
  const newest = keys[0]
  if (!newest) throw new RangeError('There is no key to seal with')
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', newest.key, nonce).setAAD(Buffer.from(purpose))
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  const parts = [nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))
  return ['1', newest.name, ...parts].join('.')
}

/** What was sealed; null when no key is the one it was sealed with, or it is not as it was. */
export function unseal(keys: Sealing, sealed: string, purpose: string): string | null {
  const [, name, nonce, tag, body] = FORM.exec(sealed) ?? []
  if (nonce === undefined || tag === undefined || body === undefined) return null
  const own = keys.find((one) => one.name === name)
  if (!own) return null
  try {
    const decipher = createDecipheriv('aes-256-gcm', own.key, bytesOf(nonce))
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytesOf(tag))
    return Buffer.concat([decipher.update(bytesOf(body)), decipher.final()]).toString('utf8')
  } catch {
    return null
  }
}

/** Of its one spelling, so that a text which was altered anywhere does not open. @throws when it is another. */
function bytesOf(part: string): Buffer {
  const bytes = Buffer.from(part, 'base64url')
  if (bytes.toString('base64url') !== part) throw new TypeError('This is not base64url')
  return bytes
}

/** Whether it needs no new seal. */
export function sealedByNewest(keys: Sealing, sealed: string): boolean {
  const newest = keys[0]
  return newest !== undefined && FORM.exec(sealed)?.[1] === newest.name
}
