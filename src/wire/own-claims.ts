import { type AccessClaims, isDate, MAX_LIST } from './claims.ts'

/** A string in the JSON of our own tokens: printable ASCII, nothing escaped. */
const TEXT = '[ !#-\\[\\]-~]{1,256}'
const LIST = `(?:"${TEXT}"(?:,"${TEXT}")*)?`
/** As JSON has a whole number, safe as one. */
const COUNT = '0|[1-9]\\d{0,14}'

/** What `encodeClaims` makes of a token for people, behind issuer and audience. */
const REST = new RegExp(
  [
    `(${TEXT})","client_id":"(${TEXT})","iat":(${COUNT}),"exp":(${COUNT}),"jti":"(${TEXT})","sid":"(${TEXT})"`,
    `"auth_time":(${COUNT}),"amr":\\[(${LIST})\\],"roles":\\[(${LIST})\\],"aat":(${COUNT}),"ver":(${COUNT}),"gen":(${COUNT})`,
    `"all":(${COUNT}),"epo":"(${TEXT})","ctr":(${COUNT})(?:,"ses":\\{"cat":(${COUNT}),"exp":(${COUNT}),"rem":(true|false),"idl":(${COUNT})\\})?\\}$`,
  ].join(','),
  'y',
)

/**
 * Reads a verified payload that is laid out as ours are, in half the time of a JSON parser and the looks at what that has made: the
 * layout leaves no room for a name that occurs twice, an escape or a text that is none. Comes to the same as `decodeClaims`, or to
 * null, which says only that a closer look is needed.
 */
export function ownClaims(expected: { readonly issuer: string; readonly audience: string }) {
  const { issuer, audience } = expected
  const start = `{"iss":${JSON.stringify(issuer)},"aud":${JSON.stringify(audience)},"sub":"`

  return (body: Buffer): AccessClaims | null => {
    const text = body.toString('latin1')
    if (!text.startsWith(start)) return null
    REST.lastIndex = start.length
    const found = REST.exec(text)
    if (found === null) return null
    const [amr, roles] = [listOf(found[8] as string), listOf(found[9] as string)]
    const [iat, exp, authTime] = [Number(found[3]), Number(found[4]), Number(found[7])]
    if (!isDate(iat) || !isDate(exp) || !isDate(authTime) || exp <= iat) return null
    if (amr.length > MAX_LIST || roles.length > MAX_LIST) return null
    return {
      issuer,
      audience: [audience],
      subject: found[1] as string,
      clientId: found[2] as string,
      jti: found[5] as string,
      sid: found[6] as string,
      issuedAt: iat * 1000,
      expiresAt: exp * 1000,
      notBefore: null,
      authenticatedAt: Number(found[10]),
      amr,
      roles,
      scope: null,
      version: Number(found[11]),
      generation: Number(found[12]),
      everyone: Number(found[13]),
      epoch: found[14] as string,
      counter: Number(found[15]),
      session:
        found[16] === undefined
          ? null
          : {
              createdAt: Number(found[16]),
              expiresAt: Number(found[17]),
              remember: found[18] === 'true',
              longestIdle: Number(found[19]),
            },
    }
  }
}

/** No string in it has a quote. */
function listOf(text: string): readonly string[] {
  return text === '' ? [] : text.slice(1, -1).split('","')
}
