import { serve } from './api.ts'
import { call, enter, Refused, signOut } from './client.ts'
import { password } from './password.ts'

const USAGE = `npm run example -- cli <command>

  serve             the API, until Ctrl-C
  sign-up <email>   makes an account, and signs it in
  login <email>     signs in; the password is asked for, or read from a pipe
  whoami            asks the API, refreshing by itself
  logout            ends the session everywhere`

type Command = (email: string) => Promise<string | undefined>

const COMMANDS: Readonly<Record<string, Command>> = {
  async serve() {
    await serve()
    return undefined
  },
  async 'sign-up'(email) {
    await enter('sign-up', email, await password())
    return `signed in as ${email}`
  },
  async login(email) {
    await enter('sign-in', email, await password())
    return `signed in as ${email}`
  },
  async whoami() {
    const answer = await call('/api/whoami')
    const body = await answer.json()
    if (!answer.ok) throw new Refused(body.title)
    return `${body.email} (${body.roles.join(', ')}), signed in since ${new Date(body.signedInAt).toISOString()}`
  },
  async logout() {
    await signOut()
    return 'signed out'
  },
}

const [name = '', email] = process.argv.slice(2)
const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
if (!command || ((name === 'login' || name === 'sign-up') && !email)) {
  console.error(USAGE)
  process.exitCode = 2
} else {
  try {
    const said = await command(email ?? '')
    if (said !== undefined) console.log(said)
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    console.error(error.message)
    process.exitCode = 1
  }
}
