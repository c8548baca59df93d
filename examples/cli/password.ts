import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'

/** A password that is typed unseen, or the first line of what is piped in. Never an argument: others can read those. */
export async function password(): Promise<string> {
  const { stdin, stderr } = process
  if (!stdin.isTTY) {
    const lines = createInterface({ input: stdin })
    for await (const line of lines) return line
    return ''
  }
  stderr.write('password: ')
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const prompt = createInterface({ input: stdin, output: unseen, terminal: true })
  prompt.once('SIGINT', () => process.exit(130))
  const typed = await prompt.question('')
  prompt.close()
  stderr.write('\n')
  return typed
}
