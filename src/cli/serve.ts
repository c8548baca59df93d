import { systemClock } from '../index.ts'
import { type Flags, settings } from '../server/config.ts'
import { type ServerLog, serverLog } from '../server/log.ts'
import { type Running, serve } from '../server/serve.ts'

/** `serve`. */
export async function run({ json, ...flags }: Flags & { readonly json?: boolean }, name: string): Promise<void> {
  const configured = await settings(flags)
  const { production, logLevel } = configured
  const write = (line: string, problem: boolean) => void (problem ? process.stderr : process.stdout).write(line)
  const log = serverLog({ level: logLevel, json: json || production }, systemClock, write)
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
