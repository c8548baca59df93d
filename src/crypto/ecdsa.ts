/** The order of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

/**
 * The DER of an ECDSA signature over P-256 in the form of JOSE, r and s one after the other (RFC 7518 section 3.4). `signature` is
 * 64 bytes long. Null unless both are between 1 and n - 1: OpenSSL would say so too, but later (CVE-2022-21449 is
 * what happens where nobody does).
 */
export function derOf(signature: Buffer): Buffer | null {
  const r = signature.subarray(0, 32)
  const s = signature.subarray(32)
  if (!isScalar(r) || !isScalar(s)) return null
  const [rSkip, sSkip] = [leadingZeros(r), leadingZeros(s)]
  // A number whose first bit is set would be read as negative.
  const [rPad, sPad] = [(r[rSkip] as number) >> 7, (s[sSkip] as number) >> 7]
  const [rSize, sSize] = [32 - rSkip + rPad, 32 - sSkip + sPad]
  const der = Buffer.allocUnsafe(6 + rSize + sSize)
  der[0] = 0x30
  der[1] = 4 + rSize + sSize
  der[2] = 0x02
  der[3] = rSize
  der[4] = 0
  r.copy(der, 4 + rPad, rSkip)
  der[4 + rSize] = 0x02
  der[5 + rSize] = sSize
  der[6 + rSize] = 0
  s.copy(der, 6 + rSize + sPad, sSkip)
  return der
}

/** The inverse, of a signature just made: r and s, 32 bytes each. */
export function joseOf(der: Buffer): Buffer {
  const signature = Buffer.alloc(64)
  const rSize = der[3] as number
  const rEnd = 4 + rSize
  const sEnd = rEnd + 2 + (der[rEnd + 1] as number)
  // A zero in front, where the first bit is set, is left behind; zeros that DER leaves out are there already.
  const r = der.subarray(Math.max(4, rEnd - 32), rEnd)
  const s = der.subarray(Math.max(rEnd + 2, sEnd - 32), sEnd)
  r.copy(signature, 32 - r.length)
  s.copy(signature, 64 - s.length)
  return signature
}

function isScalar(value: Buffer): boolean {
  return value.compare(ORDER) < 0 && leadingZeros(value) < 32
}

function leadingZeros(value: Buffer): number {
  let at = 0
  while (at < value.length && value[at] === 0) at += 1
  return at
}
