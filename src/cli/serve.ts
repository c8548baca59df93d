import type { Command } from 'commander'
import { systemClock } from '../index.ts'
import { type Flags, settings } from '../server/config.ts'
import { type ServerLog, serverLog } from '../server/log.ts'
import { type Running, serve } from '../server/serve.ts'
import { count } from './options.ts'

/** `sallyport serve`. */
export function serving(program: Command, name: string): void {
  program
    .command('serve')
    .description('run the server until SIGTERM or SIGINT')
    .option('--strategy <strategy>', 'how sessions travel: session')
    .option('--port <port>', 'where to listen (PORT, 3000)', count(65_535))
    .option('--host <address>', 'the address to listen on (HOST; 127.0.0.1 in development, 0.0.0.0 in production)')
    .addHelpText(
      'after',
      '\nExample:\n  SALLYPORT_URL=https://auth.example.com SALLYPORT_SECRET_FILE=/run/secrets/auth NODE_ENV=production sallyport serve',
    )
    .action((flags: Flags) => run(flags, name))
}

async function run(flags: Flags, name: string): Promise<void> {
  const configured = await settings(flags)
  const { production, logLevel } = configured
  const write = (line: string, problem: boolean) => void (problem ? process.stderr : process.stdout).write(line)
  const log = serverLog({ level: logLevel, json: production }, systemClock, write)
  process.on('uncaughtException', (error) => {
    log.error({ fault: error.name, stack: error.stack }, 'an error nobody expected: the server ends')
    process.exit(1)
  })
  const running = await serve(configured, log, name)
  stopOnSignal(running, log)
}

/** The first signal lets requests finish, the second does not. */
function stopOnSignal(running: Running, log: ServerLog): void {
  let stopping = false
  const stop = (signal: string): void => {
    if (stopping) {
      log.warn({ signal }, 'stopped at once')
      process.exit(1)
    }
    stopping = true
    log.info({ signal }, 'stopping: requests that are under way are finished')
    running.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ fault: error instanceof Error ? error.name : typeof error }, 'the database could not be closed')
        process.exit(1)
      },
    )
  }
  process.on('SIGTERM', stop)
  process.on('SIGINT', stop)
}
