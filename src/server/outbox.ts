import { chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
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
 * owner's eyes only, and the log has the subject and the file.
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
      const name = `${clock.now()}-${String(count).padStart(3, '0')}-${mail.kind}-${mail.id.replace(/[^A-Za-z0-9]/g, '').slice(0, 6)}.eml`
      const file = join(folder, name)
      writeFileSync(file, message, { mode: 0o600, flag: 'wx' })
      log.info({ subject: mail.subject, file }, 'a message was written, as there is no SMTP_URL')
      for (const old of older(folder)) rmSync(join(folder, old), { force: true })
    },
  }
}

/** Files beyond those that are kept. Names begin with the time, in as many digits for the next 200 years. */
function older(folder: string): readonly string[] {
  const files = readdirSync(folder).filter((name) => /^\d+-.*\.eml$/.test(name))
  return files.sort().slice(0, -KEPT)
}
