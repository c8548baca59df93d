import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { FailureError } from './failure.ts'

/** No password is longer than the library takes, bytes. */
const MAX_BYTES = 4096

/** From the standard input: all of it, without the line end that editors and `echo` add. */
export async function passwordFromInput(): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > MAX_BYTES) throw new FailureError('the password on the standard input is too long')
    chunks.push(bytes)
  }
  const password = Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
  if (password === '') throw new FailureError('there is no password on the standard input')
  return password
}

/** Asks for it twice on the terminal, without showing it. Null when nothing was typed. */
export async function passwordFromTerminal(): Promise<string | null> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    const ask = async (question: string): Promise<string> => {
      process.stderr.write(question)
      const answer = await terminal.question('')
      process.stderr.write('\n')
      return answer
    }
    const password = await ask('Password (none: its owner is sent a link to choose one): ')
    if (password === '') return null
    if (password !== (await ask('The same again: '))) throw new FailureError('the two are not the same')
    return password
  } finally {
    terminal.close()
  }
}
