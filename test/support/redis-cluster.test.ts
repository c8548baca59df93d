import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RedisCluster, redisCluster } from './redis-cluster.ts'
import { describeWith } from './services.ts'

/** So that nobody is given up where the machine has much to do. */
const PATIENT = { 'cluster-node-timeout': 9000 }

describeWith('redis')('a cluster of Redis', () => {
  let cluster: RedisCluster
  let replicated: RedisCluster

  beforeAll(async () => {
    ;[cluster, replicated] = await Promise.all([
      redisCluster(3, { settings: PATIENT }),
      redisCluster(2, { replicas: 1, requireFullCoverage: false, settings: PATIENT }),
    ])
  })

  afterAll(() => Promise.all([cluster?.close(), replicated?.close()]))

  it('answers for all slots, each at its master', async () => {
    const { nodes } = cluster
    expect(cluster.urls()).toEqual(nodes.map((node) => node.url()))
    expect(new Set(nodes.map((node) => node.password)).size).toBe(1)
    for (const node of nodes) {
      const info = await node.run('CLUSTER', 'INFO')
      expect(info).toContain('cluster_state:ok')
      expect(info).toContain('cluster_slots_ok:16384')
      expect(info).toContain('cluster_known_nodes:3')
    }
    for (const key of ['foo', 'bar', 'hello', 'a', 'b', 'c']) {
      const slot = Number(await nodes[0]!.run('CLUSTER', 'KEYSLOT', key))
      const owner = Math.floor((slot * 3) / 16_384)
      expect(await nodes[owner]!.run('SET', key, key)).toBe('OK')
      const moved = `MOVED ${slot} 127.0.0.1:${nodes[owner]!.port}`
      await expect(nodes[(owner + 1) % 3]!.run('GET', key)).rejects.toThrow(moved)
    }
  })

  it('has replicas that follow their masters', async () => {
    const { nodes } = replicated
    expect(nodes).toHaveLength(4)
    for (const [index, node] of nodes.entries()) {
      const role = index < 2 ? /^master\n/ : new RegExp(`^slave\\n127.0.0.1\\n${nodes[index - 2]!.port}\\nconnected`)
      expect(await node.run('ROLE')).toMatch(role)
      expect(await node.run('CONFIG', 'GET', 'cluster-require-full-coverage')).toMatch(/\nno$/)
    }
  })

  it('keeps a node that was killed and has lost its data', async () => {
    const [node] = cluster.nodes
    const own = await node!.run('CLUSTER', 'MYID')
    await node!.kill()
    await node!.empty()
    await node!.start()
    expect(await node!.run('DBSIZE')).toBe('0')
    expect(await node!.run('CLUSTER', 'MYID')).toBe(own)
    expect(await node!.run('CLUSTER', 'INFO')).toContain('cluster_slots_assigned:16384')
  })
})
