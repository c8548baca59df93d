import { Command } from 'commander'
import { ORIGINS, type Origin } from './import/columns.ts'
import { count, oneOf, subject } from './options.ts'

/*
 * What can be said on the command line. What does it is loaded when it is said, so that help and a slip of the fingers
 * need not wait for the library.
 */

/** Every command, below `program`. `name` is how the program is called here. */
export function commands(program: Command, name: string): void {
  program.addCommand(serve(name))
  program.addCommand(init(name))
  program.addCommand(migrate())
  program.addCommand(doctor())
  program.addCommand(users())
  program.addCommand(sessions())
  program.addCommand(keys())
  program.addCommand(services())
  program.addCommand(bench())
  program.addCommand(completion(program))
}

function serve(name: string): Command {
  return new Command('serve')
    .description('run the server until SIGTERM or SIGINT')
    .option('--strategy <strategy>', 'how sessions travel: session, jwt or hybrid')
    .option('--port <port>', 'where to listen (PORT, 3000)', count(65_535))
    .option('--host <address>', 'the address to listen on (HOST; 127.0.0.1 in development, 0.0.0.0 in production)')
    .option('--json', 'log lines of JSON, as in production')
    .addHelpText('after', examples('serve --port 8080', 'serve --strategy hybrid --json'))
    .action(async (flags) => (await import('./serve.ts')).run(flags, name))
}

function init(name: string): Command {
  return new Command('init')
    .description('write a configuration with comments: asks on a terminal, and takes the usual elsewhere')
    .option('--strategy <strategy>', 'how sessions travel: session, jwt or hybrid', oneOf('session', 'jwt', 'hybrid'))
    .option('--database <kind>', 'what everything is kept in: sqlite or postgres', oneOf('sqlite', 'postgres'))
    .option('--url <address>', 'where people reach the server')
    .option('--sign-up <who>', 'who makes accounts: open (everybody) or closed', oneOf('open', 'closed'))
    .option('--name <word...>', 'names of the product and the company: no password may be made of them')
    .option('--file <path>', 'where to write it', 'sallyport.config.ts')
    .option('--yes', 'ask nothing, and take the usual for what is not said')
    .option('--force', 'write over a file that is there')
    .option('--print <what>', 'write nothing and print config, env or compose', oneOf('config', 'env', 'compose'))
    .option('--json', 'print JSON, and ask nothing')
    .addHelpText(
      'after',
      examples('init', 'init --yes --strategy hybrid --database postgres', 'init --print env > .env'),
    )
    .action(async (options) => (await import('./init.ts')).init(options, name))
}

function bench(): Command {
  return new Command('bench')
    .description('measure the strategies on your own store, in a place beside your data that is removed at the end')
    .option('--seconds <n>', 'how long to measure, about', count(600), 20)
    .option('--yes', 'ask nothing, also in production')
    .option('--json', 'print JSON')
    .addHelpText('after', examples('bench', 'bench --seconds 60 --json'))
    .action(async (options) => (await import('./bench.ts')).bench(options))
}

function completion(program: Command): Command {
  return new Command('completion')
    .description('print a script with which a shell completes commands and options')
    .argument('<shell>', 'bash, zsh or fish', oneOf('bash', 'zsh', 'fish'))
    .option('--json', 'print JSON')
    .addHelpText('after', examples('completion bash > /etc/bash_completion.d/sallyport', 'completion fish | source'))
    .action(async (shell, options) => (await import('./completion.ts')).completion(program, shell, options))
}

function migrate(): Command {
  return new Command('migrate')
    .description('bring the database up to date; the server does it at its start too')
    .option('--json', 'print JSON')
    .addHelpText('after', example('migrate'))
    .action(async (options) => (await import('./migrate.ts')).migrate(options))
}

function doctor(): Command {
  return new Command('doctor')
    .description('look for weaknesses of the configuration, and say what to write instead; changes nothing')
    .option('--strategy <strategy>', 'as serve takes it: session, jwt or hybrid')
    .option('--json', 'print JSON')
    .addHelpText('after', `${example('doctor --strategy hybrid')}\n\nThe exit code is 1 when something is bad.`)
    .action(async (options) => (await import('./doctor.ts')).doctor(options))
}

function users(): Command {
  const group = new Command('users')
    .description('make, list and lock accounts')
    .addHelpText(
      'after',
      examples('users list --role admin', 'users import users.csv --dry-run', 'users lock mallory@example.com'),
    )
  group
    .command('create')
    .description('make an account; without a password its owner is sent a link to choose one')
    .requiredOption('--email <address>', 'e-mail address to sign in with')
    .option('--name <name>', 'what to call them')
    .option('--role <role...>', 'one or more roles; without it the one new users get')
    .option('--password-stdin', 'read the password from the standard input')
    .option('--invite', 'ask for no password on a terminal')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      examples(
        'users create --email bob@example.com --invite',
        'users create --email ada@example.com --role admin --password-stdin < password.txt',
      ),
    )
    .action(async (options) => (await import('./users.ts')).create(options))
  group
    .command('import')
    .description('make accounts of another system from a file of CSV or JSON lines, with the hashes of their passwords')
    .argument('<file>', 'the file, or - for the standard input')
    .option('--format <format>', 'csv or jsonl, where the name of the file does not say', oneOf('csv', 'jsonl'))
    .option('--from <system>', `whose export it is: ${ORIGIN_NAMES.join(', ')}`, oneOf(...ORIGIN_NAMES), 'sallyport')
    .option('--column <what=name...>', 'which column is what, where it has another name')
    .option('--role <role...>', 'roles of those whose record names none')
    .option('--hash-config <file>', 'the password hash parameters of a project of Firebase')
    .option('--on-duplicate <what>', 'where the address is in use: skip or fail', oneOf('skip', 'fail'), 'skip')
    .option('--max-errors <n>', 'stop when so many records were refused', count(1_000_000_000), 100)
    .option('--dry-run', 'look at everything, and make nobody')
    .option('--report <file>', 'where to write which lines are refused and why (<file>.refused.jsonl)')
    .option('--progress <file>', 'where to keep how far it is, to go on there after an interruption (<file>.progress)')
    .option('--restart', 'begin at the first line all the same; who was made already stays')
    .option('--json', 'print JSON')
    .addHelpText('after', IMPORT_EXAMPLES)
    .action(async (file, options) => (await import('./users-import.ts')).importUsers(file, options))
  group
    .command('list')
    .description('list accounts, newest first')
    .option('--query <text>', 'part of the address or the name')
    .option('--role <role>', 'only who has this role')
    .option('--status <status>', 'active or locked', oneOf('active', 'locked'))
    .option('--limit <n>', 'at most this many', count(1000), 50)
    .option('--cursor <cursor>', 'go on where the last page ended')
    .option('--json', 'print JSON')
    .addHelpText('after', example('users list --role admin --json'))
    .action(async (options) => (await import('./users.ts')).list(options))
  group
    .command('lock')
    .description('lock an account and end its sessions; done on every running server when it returns')
    .argument('<email-or-id>', '', subject)
    .allowUnknownOption()
    .option('--json', 'print JSON')
    .addHelpText('after', example('users lock mallory@example.com'))
    .action(async (who, options) => (await import('./users.ts')).setStatus('lock', who, options))
  group
    .command('unlock')
    .description('let an account sign in again')
    .argument('<email-or-id>', '', subject)
    .allowUnknownOption()
    .option('--json', 'print JSON')
    .addHelpText('after', example('users unlock mallory@example.com'))
    .action(async (who, options) => (await import('./users.ts')).setStatus('unlock', who, options))
  group
    .command('roles')
    .description('give an account exactly these roles; in force on every running server when it returns')
    .argument('<email-or-id>', '', subject)
    .allowUnknownOption()
    .argument('<role...>')
    .option('--json', 'print JSON')
    .addHelpText('after', example('users roles ada@example.com member auditor'))
    .action(async (who, roles, options) => (await import('./users.ts')).setRoles(who, roles, options))
  return group
}

function sessions(): Command {
  const group = new Command('sessions')
    .description('see who is signed in, and end sessions')
    .addHelpText('after', examples('sessions list --user ada@example.com', 'sessions end --user ada@example.com'))
  group
    .command('list')
    .description('list open sessions, newest first')
    .option('--user <email-or-id>', 'only of this user')
    .option('--ended', 'those that have ended instead')
    .option('--limit <n>', 'at most this many', count(1000), 50)
    .option('--cursor <cursor>', 'go on where the last page ended')
    .option('--json', 'print JSON')
    .addHelpText('after', example('sessions list --user ada@example.com'))
    .action(async (options) => (await import('./sessions.ts')).list(options))
  group
    .command('end')
    .description('end one session, or all of a user; done on every running server when it returns')
    .argument('[id]', 'id of a session', subject)
    .allowUnknownOption()
    .option('--user <email-or-id>', 'all sessions of this user instead')
    .option('--json', 'print JSON')
    .addHelpText('after', example('sessions end --user ada@example.com'))
    .action(async (id, options) => (await import('./sessions.ts')).end(id, options))
  return group
}

function keys(): Command {
  const group = new Command('keys')
    .description('see, rotate and remove the keys that tokens are signed with')
    .addHelpText('after', examples('keys list', 'keys rotate'))
  group
    .command('list')
    .description('list the keys, oldest first')
    .option('--json', 'print JSON')
    .addHelpText('after', example('keys list'))
    .action(async (options) => (await import('./keys.ts')).list(options))
  group
    .command('rotate')
    .description('make the next key now; it is published first and signs once everybody can have it')
    .option('--json', 'print JSON')
    .addHelpText('after', example('keys rotate'))
    .action(async (options) => (await import('./keys.ts')).rotate(options))
  group
    .command('remove')
    .description(
      'remove a key that is not secret any more; its tokens are dead on every running server when it returns',
    )
    .argument('<kid>', '', subject)
    .allowUnknownOption()
    .option('--json', 'print JSON')
    .addHelpText('after', example('keys remove GbZQz0N17yB6KLM5SR7gF0G4--mUTk0whzCQWTrRtrI'))
    .action(async (kid, options) => (await import('./keys.ts')).remove(kid, options))
  return group
}

function services(): Command {
  const group = new Command('services')
    .description('make and remove credentials for programs that ask about tokens')
    .addHelpText('after', examples('services create billing', 'services list'))
  group
    .command('create')
    .description('make a service and print its secret, this once')
    .argument('<name>', 'which program it is')
    .option('--json', 'print JSON')
    .addHelpText('after', example('services create billing'))
    .action(async (name, options) => (await import('./services.ts')).create(name, options))
  group
    .command('list')
    .description('list services, oldest first')
    .option('--json', 'print JSON')
    .addHelpText('after', example('services list'))
    .action(async (options) => (await import('./services.ts')).list(options))
  group
    .command('remove')
    .description('remove a service; its credentials are good for nothing when it returns')
    .argument('<id>', '', subject)
    .allowUnknownOption()
    .option('--json', 'print JSON')
    .addHelpText('after', example('services remove KJ0yS1bnCyyYq1Y0mLhC5g'))
    .action(async (id, options) => (await import('./services.ts')).remove(id, options))
  return group
}

const ORIGIN_NAMES = Object.keys(ORIGINS) as Origin[]

const IMPORT_EXAMPLES = `
Columns: email, and if you like id, name, roles, status (active, locked), emailVerified, passwordChangeRequired, createdAt,
hash, fields.<name>. Hashes: argon2id, argon2i, bcrypt, scrypt, PBKDF2 (sha256, sha512) as PHC or Django write them.
It can be ended at any time; the same command goes on where it was. docs/import.md shows the exports of others.

Examples:
  sallyport users import users.csv --dry-run
  sallyport users import users.csv --column email=mail hash=password_hash
  sallyport users import users.json --from auth0
  jq -c '.users[]' export.json | sallyport users import - --format jsonl --from firebase --hash-config parameters.txt`

function example(line: string): string {
  return `\nExample:\n  sallyport ${line}`
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  sallyport ${line}`).join('\n')}`
}
