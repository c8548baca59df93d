import { readFileSync } from 'node:fs'
import { Command, CommanderError } from 'commander'
import { VARIABLES } from '../server/variables.ts'
import { commands } from './commands.ts'

/** Exit codes: done; refused or failed, with one line that says why; not understood. */
const DONE = 0
const FAILED = 1
const MISUSED = 2

/** How the program is called here: in a clone by npm, from the sources. */
const NAME = import.meta.url.endsWith('.ts') ? 'npm run sallyport --' : 'sallyport'

/** Runs the command line. Sets the exit code; a server keeps the process going. */
export async function main(argv: readonly string[]): Promise<void> {
  if (argv[2] !== 'serve') process.stdout.on('error', unread)
  const program = new Command('sallyport')
    .description('Sessions and tokens behind one guard: the server, and what administers it from the shell.')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES)
  commands(program, NAME)
  for (const command of everyCommand(program)) command.exitOverride()
  try {
    await program.parseAsync(argv)
  } catch (error) {
    process.exitCode = report(error)
  }
}

const EXAMPLES = `
Examples:
  ${NAME} init
  ${NAME} serve
  ${NAME} users create --email ada@example.com --role admin --password-stdin < password.txt
  ${NAME} users import users.csv --dry-run
  ${NAME} users lock mallory@example.com
  ${NAME} sessions end --user ada@example.com
  ${NAME} keys list
  ${NAME} doctor

Environment: ${wrapped(`${Object.keys(VARIABLES).join(', ')}.`, 120, 'Environment: '.length)}
DATABASE_URL is sqlite:file or postgres://user:password@host:5432/database, REDIS_URL is redis://user:password@host:6379, several of a
Cluster with commas between them. Most are entries of sallyport.config.ts too; docs/reference/environment.md says what each is.`

/** In lines of at most `width` characters, of which the first has `used` already. */
function wrapped(text: string, width: number, used: number): string {
  let length = used
  const parts = text.split(' ').map((word, i) => {
    const fits = length + 1 + word.length <= width
    length = fits ? length + 1 + word.length : word.length
    return i === 0 ? word : `${fits ? ' ' : '\n'}${word}`
  })
  return parts.join('')
}

function everyCommand(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(everyCommand)]
}

/** Whoever reads what is printed has read enough, as `head` does: the rest is for nobody. A server goes on for others. */
function unread(fault: NodeJS.ErrnoException): void {
  if (fault.code !== 'EPIPE') throw fault
  process.exit()
}

/** Says what went wrong, unless the parser has said it already. */
function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? DONE : MISUSED
  }
  const { name, message, stack, cause } = error instanceof Error ? error : new Error(String(error))
  if (name === 'UsageError') {
    console.error(`error: ${message}`)
    return MISUSED
  }
  console.error(`sallyport: ${SAID[name]?.(message, cause) ?? `unexpected: ${stack}`}`)
  return FAILED
}

/** By the name of an error what is said of it: the classes are loaded with the commands only. */
const SAID: Readonly<Record<string, (message: string, cause: unknown) => string>> = {
  ConfigurationError: (message) => message,
  FailureError: (message) => message,
  StoreUnavailable: (message, cause) => {
    if (isForeignKey(cause)) return message
    if (message.includes('PostgreSQL') || message.includes('Redis')) return `${message}: doctor says more`
    return 'the database does not answer: see whether another program holds it'
  },
}

/** The database answers, and the master secret is not the one its signing keys were sealed with. */
function isForeignKey(cause: unknown): boolean {
  return (cause as { code?: unknown } | undefined)?.code === 'SEALED_BY_ANOTHER_SECRET'
}

function version(): string {
  const manifest = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return String(JSON.parse(manifest).version)
}
