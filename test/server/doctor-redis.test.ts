import { describe, expect, it } from 'vitest'
import type { RedisInspection, RedisOptions, RedisServer } from '../../src/redis.ts'
import { redis } from '../../src/server/doctor/redis.ts'

const GOOD: RedisServer = {
  where: 'redis.example:6379',
  id: 'a',
  version: '7.0.15',
  isValkey: false,
  isCluster: false,
  isReplica: false,
  policy: 'noeviction',
  usedMemory: 100,
  maxMemory: 1000,
  appendOnly: true,
  appendFsync: 'always',
  snapshots: false,
  isWritten: true,
  replicas: 0,
  minReplicas: 0,
  maxLag: 10,
  listpack: { entries: 512, value: 64 },
  ahead: -900,
}

type Given = {
  readonly server?: Partial<RedisServer>
  readonly found?: Partial<RedisInspection>
  readonly options?: RedisOptions
  readonly named?: number
}

function lines({ server, found, options = {}, named = 1 }: Given): readonly string[] {
  const inspection: RedisInspection = {
    servers: [{ ...GOOD, ...server }],
    silent: [],
    isWhole: null,
    isLocal: false,
    isEncrypted: true,
    isOpen: false,
    held: { partitions: options.partitions ?? 1, isOurs: true },
    ...found,
  }
  return redis({ sessions: { state: 'found', found: inspection, options, named } }).map(
    ({ level, what, instead }) => `${level} ${what} — ${instead}`,
  )
}

/** Everything that is not `ok`. */
const complaints = (given: Given) => lines(given).filter((line) => !line.startsWith('ok'))

const REPLICATED = { replicas: 2, minReplicas: 1, maxLag: 2 }
const NODE = { ...GOOD, isCluster: true }
const CLUSTER = [NODE, { ...NODE, where: 'b:6379', id: 'b' }, { ...NODE, where: 'c:6379', id: 'c' }] as const

describe('Redis', () => {
  it('that is good has its release said and nothing against it', () => {
    expect(complaints({})).toEqual([])
    expect(lines({})).toContain('ok redis.example:6379 is Redis 7.0.15 — null')
    expect(lines({ server: { isValkey: true, version: '8.1.0' } })).toContain(
      'ok redis.example:6379 is Valkey 8.1.0 — null',
    )
    expect(complaints({ found: { isLocal: true, isEncrypted: false, isOpen: true } })).toEqual([])
    expect(complaints({ server: REPLICATED, options: { replicas: 1 } })).toEqual([])
    expect(complaints({ found: { servers: CLUSTER, isWhole: true }, options: { partitions: 12 }, named: 3 })).toEqual(
      [],
    )
    expect(lines({ found: { held: null } })).toContainEqual(expect.stringMatching(/^ok there is nothing in Redis yet/))
  })

  it('that is not used has nothing said', () => {
    expect(redis({ sessions: null })).toEqual([])
  })

  it('that could not be looked at is bad', () => {
    const message = 'a:6379 cannot be looked at (ECONNREFUSED): see whether the server runs'
    expect(redis({ sessions: { state: 'refused', message } })).toEqual([
      { level: 'bad', what: 'a:6379 cannot be looked at (ECONNREFUSED)', instead: 'see whether the server runs' },
    ])
  })

  it.each<[Given, RegExp]>([
    [{ server: { version: '6.2.7' } }, /^bad .* is Redis 6\.2\.7 — run version 7 or newer, or Valkey$/],
    [{ server: { isReplica: true } }, /^bad .* is a replica: .* — write the address of the primary$/],
    [
      { server: { policy: 'allkeys-lru' } },
      /^bad maxmemory-policy .* is allkeys-lru: .* — write maxmemory-policy noevict/,
    ],
    [
      { server: { usedMemory: 850 } },
      /^warn 85 % of the memory .* sessions can end, and none can begin — raise maxmemory/,
    ],
    [
      { server: { listpack: { entries: 512, value: 32 } } },
      /^warn hash-max-listpack-entries and -value .* 512 and 32: /,
    ],
    [
      { server: { listpack: { entries: 16, value: 64 } } },
      /^warn hash-max-listpack-entries .* — write 32 and 64, or more$/,
    ],
    [
      { server: { appendOnly: false } },
      /^bad appendonly .* off: a restart signs everybody out and forgets which sessions have ended; .* refused — write appendonly yes and appendfsync always$/,
    ],
    [
      { server: { appendOnly: false, snapshots: true } },
      /^bad appendonly .* off: a restart brings back the last snapshot .*sessions that have ended since; /,
    ],
    [
      { server: { appendOnly: false, appendFsync: null, snapshots: null } },
      /^bad appendonly .* the last snapshot if there is/,
    ],
    [
      { server: { appendFsync: 'everysec' } },
      /^warn appendfsync .* is everysec: endings of the last second may be lost with the machine, and their sessions go on; self-contained tokens of before are refused — write appendfsync always$/,
    ],
    [{ server: { appendFsync: 'no' } }, /^bad appendfsync .* is no: endings of the last half minute/],
    [
      { server: { appendFsync: null, snapshots: null, listpack: null, maxLag: null } },
      /^warn appendfsync .* could not be checked, nor what else CONFIG tells: .* — look there, or run doctor once with a user/,
    ],
    [{ server: { isWritten: false } }, /^bad .* could not write its data to the disk — see its log/],
    [
      { server: { ...REPLICATED, replicas: 1 }, options: { replicas: 2 } },
      /^bad 2 replicas have to confirm each change, and one is connected to .*: nobody can sign in or out — attach/,
    ],
    [
      { server: { minReplicas: 1, maxLag: 2 }, options: { replicas: 1 } },
      /^bad a replica has to confirm each change, and none is connected/,
    ],
    [{ server: REPLICATED }, /^warn .* has replicas, and no change waits for one: .* — write REDIS_REPLICAS=1/],
    [
      { server: { replicas: 1 }, options: { replicas: 1 } },
      /^warn min-replicas-to-write .* is 0: after a failover, .* — write min-replicas-to-write 1 and min-replicas-max-lag 2$/,
    ],
    [
      { server: { ...REPLICATED, maxLag: 10 }, options: { replicas: 1 } },
      /^warn min-replicas-max-lag .* is 10 s, longer than a lease: /,
    ],
    [{ server: { ahead: 61_000 } }, /^warn the clock of this machine is 61 s behind that of .* NTP/],
    [{ server: { ahead: -3000 } }, /^warn the clock of this machine is 3 s ahead of that of /],
    [
      { found: { isEncrypted: false } },
      /^bad the connection to .* is not encrypted: .* — write rediss:\/\/ in REDIS_URL/,
    ],
    [{ found: { isOpen: true } }, /^bad .* lets in whoever has no password: .* — write user default off/],
    [
      { found: { held: { partitions: 4, isOurs: true } } },
      /^bad .* is in 4 partitions, and 1 are configured: .*REDIS_PARTITIONS=4/,
    ],
    [{ found: { held: { partitions: 1, isOurs: false } } }, /^bad .* is of another version of this program — run that/],
    [{ named: 2 }, /^bad .* is no Cluster, and REDIS_URL has 2 addresses: .* — write one address that always leads/],
    [
      { found: { servers: CLUSTER, silent: ['d:6379'] }, options: { partitions: 4 }, named: 4 },
      /^warn d:6379 does not answer — see whether it runs/,
    ],
    [
      { found: { servers: CLUSTER, isWhole: false }, options: { partitions: 4 }, named: 3 },
      /^bad nobody has some of the slots of the Cluster: /,
    ],
    [
      { found: { servers: CLUSTER }, options: { partitions: 4 } },
      /^warn REDIS_URL names one server of the Cluster, .* — write several, with commas/,
    ],
  ])('%j', (given, line) => {
    expect(complaints(given)).toEqual([expect.stringMatching(line)])
  })

  it('has hints where nothing is wrong', () => {
    expect(lines({ server: { maxMemory: 0 } })).toContainEqual(
      expect.stringMatching(/^ok .* takes as much memory as there is — write a maxmemory below/),
    )
    expect(lines({ found: { servers: CLUSTER }, named: 3 })).toContainEqual(
      expect.stringMatching(/^ok all is in one partition, so that one of 3 .* — before .* write REDIS_PARTITIONS=12/),
    )
    expect(lines({ server: REPLICATED, options: { replicas: 1 } })).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^ok changes are confirmed by 1 of the 2 replicas/),
        expect.stringMatching(/^ok .* stops answering when it is cut off .* — with min-replicas-to-write 2, also/),
      ]),
    )
  })

  it('says the settings that could not be asked for once, also where there are replicas', () => {
    const server = { ...REPLICATED, appendFsync: null, maxLag: null, minReplicas: null }
    expect(complaints({ server, options: { replicas: 1 } })).toHaveLength(1)
    // That there is no bound is seen without asking.
    expect(complaints({ server: { ...server, minReplicas: 0 }, options: { replicas: 1 } })).toHaveLength(2)
  })

  it('is asked of each of a Cluster, and of its replicas nothing of replicas', () => {
    const [one, two] = CLUSTER
    const replica = { ...two, isReplica: true }
    expect(complaints({ found: { servers: [one, replica] }, named: 2, options: { partitions: 4 } })).toEqual([])
    const everysec = CLUSTER.map((node) => ({ ...node, appendFsync: 'everysec' })) as unknown as typeof CLUSTER
    const said = complaints({ found: { servers: everysec }, named: 3, options: { partitions: 4 } })
    expect(said.map((line) => /of (\S+) is everysec/.exec(line)?.[1])).toEqual(CLUSTER.map(({ where }) => where))
  })
})
