import { sep } from 'node:path'
import type { Facts } from './facts.ts'
import { bad, type Finding, ok, orOk, warn } from './finding.ts'

/** What stands in a file that is kept with the code (KM-07, KM-08). */
export function exposed({ exposed }: Facts): readonly Finding[] {
  const variables: Readonly<Record<string, string>> = {
    secret: 'SALLYPORT_SECRET or SALLYPORT_SECRET_FILE',
    database: 'DATABASE_URL',
    'redis.url': 'REDIS_URL',
    'smtp.url': 'SMTP_URL',
    'metrics.token': 'METRICS_TOKEN',
  }
  return exposed.map((member) => {
    const what = `${member} is in the configuration file with what nobody should read: who has the code has it too`
    return warn(
      what,
      `write it in ${variables[member] ?? 'a variable of yours that the file reads'}, and change what was there`,
    )
  })
}

const isLocal = (host: string) => ['localhost', '127.0.0.1', '::1'].includes(host)

/** Who can reach the server, and what it takes them for. */
export function listening({ production, host, origin, given, setting }: Facts): readonly Finding[] {
  if (!production) {
    if (origin?.startsWith('https:') && !/localhost/.test(origin)) {
      const what = `the address is ${origin}, and this is judged as development: a missing secret would be made up, and faults told`
      return [warn(what, 'write NODE_ENV=production where people reach it')]
    }
    if (isLocal(host)) return []
    const what = `the server of development listens on ${host}: passwords go over the network in clear`
    return [warn(what, 'leave HOST out, or write NODE_ENV=production and an https address')]
  }
  // It speaks http: where people come by https there is something in front of it.
  if (setting && origin?.startsWith('https:') && (given.trustedProxies ?? []).length === 0) {
    const what =
      'people come by https, so through a proxy, and none is trusted: to every limit by source all of them are one'
    return [warn(what, 'write the address of the proxy in TRUSTED_PROXIES')]
  }
  return [ok(`the server listens on ${host}`)]
}

/** Who can read how many sign in, fail and are there (ER-01): it speaks http, on a port of its own to whoever reaches it. */
export function measured({ metrics, host }: Facts): readonly Finding[] {
  if (metrics === null) return []
  if (metrics.token !== null) return [ok('metrics are for whoever has the token')]
  if (isLocal(host)) return [ok('metrics are for this machine only')]
  const what = `metrics are on port ${metrics.port} of ${host} without a token: whoever reaches it can watch how many sign in, fail and are there`
  return [warn(what, 'write METRICS_TOKEN, and let nobody reach the port but what collects them')]
}

/** Whether what is kept stays. */
export function lasting({ file, production }: Facts): readonly Finding[] {
  if (file === null || !production) return []
  const passing = ['/dev/shm', '/run'].find((folder) => file.startsWith(`${folder}${sep}`))
  if (passing === undefined) return []
  const what = `${file} is in ${passing}, which is memory: accounts and endings go with the machine`
  return [bad(what, 'write a place that stays in DATABASE_URL, such as sqlite:/var/lib/sallyport/auth.db')]
}

/** Whose pages may call the server in the name of those who look at them (CS-07). */
export function origins({ production, given: { cors }, faulty }: Facts): readonly Finding[] {
  if (!production || faulty.has('cors')) return []
  const local = (cors?.origins ?? []).filter((one) => /^https?:\/\/(localhost|127\.|\[::1\])/.test(one))
  return orOk(
    local.map((one) =>
      warn(`cors.origins has ${one}: any program on a visitor's machine can act for them`, 'remove it in production'),
    ),
    (cors?.origins ?? []).length === 0 ? 'no other site may call the server' : 'the listed sites may call the server',
  )
}

/** What this server can be made to connect to (KM-06). */
export function inside({ given: { webhooks = [] }, faulty }: Facts): readonly Finding[] {
  if (faulty.has('webhooks')) return []
  return webhooks.flatMap(({ allowPrivate }, i) => {
    if (allowPrivate !== true) return []
    const what = `webhooks[${i}].allowPrivate is on: whoever has its host name decides which machine of your network gets requests`
    return [warn(what, 'leave it out, unless the receiver is in your own network and so is its name')]
  })
}
