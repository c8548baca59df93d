import { randomText } from '../crypto.ts'

/*
 * The session token: 16 bytes that are the session's public id, then 32 secret ones, as base64url: 64 characters.
 * The id's 128 bits end inside the 22nd character, which holds two of them and four of the secret. Written alone, the id
 * ends in one of A, Q, g, w: those two bits and four zeros.
 */

/** What `session.ts` calls by this name, spelt out: formats stand below the nouns and do not import them. */
type SessionId = string & { readonly __id: 'session' }

const TOKEN = /^[A-Za-z0-9_-]{64}$/
const ID = /^[A-Za-z0-9_-]{21}[AQgw]$/
const BORDER = 21
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** By character code: the character with the last four of its six bits cleared. */
const ID_END = new Array<string>(128).fill('')
/** By character code: the value of those four bits. */
const SECRET_START = new Array<number>(128).fill(0)
for (const [value, character] of [...ALPHABET].entries()) {
  ID_END[character.charCodeAt(0)] = ALPHABET.charAt(value & 0x30)
  SECRET_START[character.charCodeAt(0)] = value & 0x0f
}

/**
 * A new token of the session `sid`. The only trace of it that may be kept is a digest.
 * @throws RangeError when `sid` is not 16 bytes in base64url.
 */
export function sessionToken(sid: SessionId): string {
  if (!ID.test(sid)) throw new RangeError('A session id is 16 bytes in base64url, this is not')
  const random = randomText(48)
  const border = ALPHABET.indexOf(sid.charAt(BORDER)) | (SECRET_START[random.charCodeAt(BORDER)] ?? 0)
  return sid.slice(0, BORDER) + ALPHABET.charAt(border) + random.slice(BORDER + 1)
}

/**
 * The session id in a text that has the form of a session token, else null. Says nothing of whether it is one: that is
 * for who knows the digests, and is asked only about texts that passed here (SI-06).
 */
export function readSessionToken(text: string): SessionId | null {
  return TOKEN.test(text) ? ((text.slice(0, BORDER) + ID_END[text.charCodeAt(BORDER)]) as SessionId) : null
}
