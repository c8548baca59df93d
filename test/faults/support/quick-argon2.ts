import { createHash } from 'node:crypto'

/*
 * Stands in for `argon2-threads.ts` where thousands of sign-ins are made to see what becomes of them, and none to see what
 * they cost. The records have the form of real ones.
 */

export async function ready(): Promise<void> {}

type Cost = { readonly memoryCost: number; readonly timeCost: number; readonly salt: Uint8Array }

export async function hash(password: string, { memoryCost, timeCost, salt }: Cost): Promise<string> {
  const text = Buffer.from(salt).toString('base64').replaceAll('=', '')
  return `$argon2id$v=19$m=${memoryCost},t=${timeCost},p=1$${text}$${tag(text, password)}`
}

export async function verify(record: string, password: string): Promise<boolean> {
  const [salt = '', expected] = record.split('$').slice(4)
  return tag(salt, password) === expected
}

function tag(salt: string, password: string): string {
  return createHash('sha256').update(salt).update(password).digest('base64').replaceAll('=', '')
}
