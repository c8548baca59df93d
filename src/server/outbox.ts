import { chmodSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Logger, Mailer } from '../index.ts'
import { rendered } from '../smtp.ts'
import { dataFolder } from './secret.ts'

/** Messages that are kept, the newest. */
const KEPT = 200

/** Who messages come from that go nowhere. */
export const NOBODY = 'no-reply@localhost'

/** Where messages of development are kept. */
export function outboxFolder(data: string): string {
  return join(data, 'outbox')
}

/**
 * Keeps messages as files instead of sending them: for development. They hold links that open accounts, so they are for the
 * owner's eyes only, and the log has the subject and the file. Each is there as its text, from which a link can be copied, and, with
 * `nodemailer`, as it would be sent.
 */
export function outbox(data: string, from: string, clock: Pick<Clock, 'now'>, log: Logger): Mailer {
  const folder = outboxFolder(data)
  let count = 0
  return {
    async send(mail) {
      const message = await rendered(mail, from)
      dataFolder(data)
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      chmodSync(folder, 0o700)
      count = (count + 1) % 1000
      const name = `${clock.now()}-${String(count).padStart(3, '0')}-${mail.kind}-${mail.id.replace(/[^A-Za-z0-9]/g, '').slice(0, 6)}`
      const file = join(folder, `${name}.txt`)
      // Whole from the moment that it is there: somebody may be waiting for it.
      const write = (path: string, text: string | Uint8Array) => {
        writeFileSync(`${path}.part`, text, { mode: 0o600, flag: 'wx' })
        renameSync(`${path}.part`, path)
      }
      if (message !== null) write(join(folder, `${name}.eml`), message)
      write(file, `To: ${mail.to}\nSubject: ${mail.subject}\n\n${mail.text}`)
      log.info({ subject: mail.subject, file }, 'a message was written, as there is no SMTP_URL')
      for (const old of older(folder)) {
        for (const ending of ['eml', 'txt']) rmSync(join(folder, `${old}.${ending}`), { force: true })
      }
    },
  }
}

/** Messages beyond those that are kept. Names begin with the time, in as many digits for the next 200 years. */
function older(folder: string): readonly string[] {
  const names = readdirSync(folder).flatMap((name) => /^(\d+-.*)\.txt$/.exec(name)?.[1] ?? [])
  return names.sort().slice(0, -KEPT)
}
