import { parseCompact, payloadOf } from '../../src/wire/jws.ts'
import { part } from '../support/signed.ts'

export const TYP = 'at+jwt'
export const HEADER = { typ: TYP, alg: 'EdDSA', kid: 'one' }
export const SIGNATURE = Buffer.alloc(64, 7).toString('base64url')
export const PAYLOAD = { sub: 'ada' }

/** A token of these parts, whatever they are. */
export const made = (
  header: object | string | Buffer,
  payload: object | string | Buffer = PAYLOAD,
  signature = SIGNATURE,
) => `${part(header)}.${part(payload)}.${signature}`

export const good = made(HEADER)
export const parse = (token: string) => parseCompact(token, TYP)
export const header = (text: string) => parse(made(text))

/** What stands in the payload, for texts that are no objects too. */
export const payload = (given: object | string | Buffer) => {
  const parsed = parse(made(HEADER, given))
  if (parsed === null) throw new Error('the form is good')
  return payloadOf(parsed)
}
