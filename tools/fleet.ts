import { parseArgs } from 'node:util'
import { type Fleet, fleet, missing } from './fleet/fleet.ts'

/*
 * `npm run fleet`: three servers over one PostgreSQL behind nginx, from the programs of this machine, until Ctrl-C.
 * `npm run fleet -- --strategy hybrid` for another strategy, `-- --redis` for sessions in Redis.
 */

const HELP = `npm run fleet -- [options]

Starts three servers over one PostgreSQL behind nginx, from the programs of this machine, until Ctrl-C.

  --redis                keep sessions in a Redis beside it, and people alone in PostgreSQL
  --strategy <strategy>  how sessions travel: session, jwt or hybrid
  -h, --help             print this help`

function told({ url, nodes, folder, variables }: Fleet, redis: boolean): string {
  const [first = ''] = nodes
  const body = `'{"email":"ann@example.com","password":"a long enough passphrase"}'`
  return `
${url} is nginx before three servers, which share one PostgreSQL database${redis ? ', and Redis for sessions' : ''}:
${nodes.map((node, i) => `  node ${i + 1}  ${node}`).join('\n')}

Open it in a browser, or try this in another terminal. Sign up; each answer says in X-Node who gave it:
  curl -sic jar -H 'content-type: application/json' -d ${body} ${url}/auth/sign-up
  for i in 1 2 3; do curl -sib jar ${url}/auth/session | grep -iE '^(HTTP|X-Node)'; done

Sign out on one node. When it has answered, no node accepts the token any more:
  curl -sib jar -X POST -H 'origin: ${url}' ${first}/auth/sign-out | grep HTTP
  for node in ${nodes.join(' ')}; do curl -sib jar $node/auth/session | grep HTTP; done

Administer it from a shell of its own; lock returns when all three obey:
  ( set -a; . ${variables}; npm run sallyport -- users lock ann@example.com )

What the servers say is in ${folder}. Ctrl-C ends all of it and leaves nothing behind.
`
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { strategy: { type: 'string' }, redis: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) {
    console.log(HELP)
    return
  }
  const { redis = false } = values
  const lacking = missing({ redis })
  if (lacking !== null) throw new Error(lacking)
  console.log(`starting PostgreSQL, ${redis ? 'Redis, ' : ''}three servers and nginx …`)
  let stopping = false
  let running: Fleet | null = null

  async function end(): Promise<void> {
    if (stopping) return
    stopping = true
    // Started halfway: what there is is ended by those who watch over it, when this process is gone.
    if (!running) process.exit(1)
    console.log('\nstopping: requests that are under way are finished …')
    await running.stop()
    console.log('everything has ended')
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end())
  running = await fleet(values.strategy === undefined ? [] : ['--strategy', values.strategy], { redis })
  console.log(told(running, redis))
  const name = await running.broken
  if (stopping) return
  console.error(`${name} has ended by itself`)
  process.exitCode = 1
  await end()
}

await main().catch((error: unknown) => {
  console.error(`fleet: ${error instanceof Error ? error.message : error}`)
  process.exitCode = 1
})
