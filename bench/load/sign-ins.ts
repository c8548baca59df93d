import { answering } from '../lib/child.ts'
import { client, post } from '../lib/client.ts'
import { email } from '../lib/population.ts'

export type SigningIn = {
  readonly port: number
  readonly path: string
  readonly people: number
  readonly password: string
  readonly atOnce: number
}

let stopped = true
let count = 0
let begun = 0
let next = 0
let running: Promise<unknown> = Promise.resolve()

/** People who sign in, so many at once, each of them another one, until stopped. */
answering({
  begin({ port, path, people, password, atOnce }: SigningIn) {
    const browser = client(port)
    stopped = false
    count = 0
    begun = performance.now()
    const one = async () => {
      while (!stopped) {
        next = (next + 1) % people
        const from = `198.51.100.${next % 250}`
        const status = await browser.send(post(path, { email: email(next), password }, from))
        if (status !== 200) throw new Error(`sign-in was answered ${status}`)
        count += 1
      }
    }
    running = Promise.all(Array.from({ length: atOnce }, one)).finally(() => browser.close())
    running.catch(() => {})
  },
  /** Answers how many there were a second. */
  async end() {
    const perSecond = count / ((performance.now() - begun) / 1000)
    stopped = true
    await running
    return perSecond
  },
})
