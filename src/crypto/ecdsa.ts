/** The order of P-256 (FIPS 186-5, SP 800-186 section 3.2.1.3). */
const ORDER = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

/**
 * The DER of an ECDSA signature over P-256 in the form of JOSE, r and s one after the other (RFC 7518 section 3.4). `signature` is
 * 64 bytes long. Null unless both are between 1 and n - 1: OpenSSL would say so too, but later (CVE-2022-21449 is
 * what happens where nobody does).
 */
export function derOf(signature: Buffer): Buffer | null {
  const [rFirst, sFirst] = [firstOf(signature, 0), firstOf(signature, 32)]
  if (rFirst === 32 || sFirst === 64 || !isBelow(signature, 0) || !isBelow(signature, 32)) return null
  // A number whose first bit is set would be read as negative.
  const [rPad, sPad] = [(signature[rFirst] as number) >> 7, (signature[sFirst] as number) >> 7]
  const [rSize, sSize] = [32 - rFirst + rPad, 64 - sFirst + sPad]
  const der = Buffer.allocUnsafe(6 + rSize + sSize)
  der[0] = 0x30
  der[1] = 4 + rSize + sSize
  der[2] = 0x02
  der[3] = rSize
  der[4] = 0
  let at = 4 + rPad
  for (let i = rFirst; i < 32; i++) der[at++] = signature[i] as number
  der[at] = 0x02
  der[at + 1] = sSize
  der[at + 2] = 0
  at += 2 + sPad
  for (let i = sFirst; i < 64; i++) der[at++] = signature[i] as number
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

/** Where the number that begins at `from` has its first byte that is not zero; behind its end when it is zero. */
function firstOf(signature: Buffer, from: number): number {
  let at = from
  while (at < from + 32 && signature[at] === 0) at += 1
  return at
}

/** Whether the number that begins at `from` is below the order: what is signed is no secret, and the first byte mostly says it. */
function isBelow(signature: Buffer, from: number): boolean {
  for (let i = 0; i < 32; i++) {
    const difference = (signature[from + i] as number) - (ORDER[i] as number)
    if (difference !== 0) return difference < 0
  }
  return false
}
