import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAuth } from '../../src/create-auth.ts'
import { type Algorithm, generateKey, macKey, seal, sealedByNewest, sealing } from '../../src/crypto.ts'
import { type KeySetting, keySetting } from '../../src/flows/key-setting.ts'
import { keyring } from '../../src/flows/keys.ts'
import { recorder } from '../../src/flows/recorder.ts'
import { purposeOf } from '../../src/keyring.ts'
import type { Options } from '../../src/options.ts'
import type { Store } from '../../src/store.ts'
import { memory } from '../../src/stores/memory/memory.ts'
import { sqlite } from '../../src/stores/sql/sqlite.ts'
import { jwt } from '../../src/strategies/jwt.ts'
import { type ManualClock, manualClock } from '../../src/testing/clock.ts'
import { folder, newFile } from '../stores/sqlite-fixture.ts'
import { BASE, type House, house, must, PASSWORD, SECRET } from '../support/house.ts'
import { kidOf, MINUTE, stolen, until } from '../support/keys.ts'

vi.mock('../../src/credentials/password/argon2-threads.ts', () => import('../faults/support/quick-argon2.ts'))

const OTHER_SECRET = 'other-secret-9876543210-zyxwvutsrqponml'

const open: House[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()))
})

async function begin(options: Parameters<typeof house>[0] = {}): Promise<House> {
  const one = await house({ strategy: jwt(), ...options })
  open.push(one)
  return one
}

/** A logger, and all that it was told. */
function log() {
  const said: unknown[] = []
  const tell = (...what: unknown[]) => void said.push(what)
  return { said, logger: { info: tell, warn: tell, error: tell } satisfies Options['log'] }
}

describe('what is kept of keys', () => {
  it.each(['EdDSA', 'ES256', 'RS256', 'HS256'] as const)(
    'KM-08 P6: nothing private of a key of %s is in a copy of the files, in events, in the log or in inspection',
    async (alg: Algorithm) => {
      const where = folder()
      const { said, logger } = log()
      const file = join(where, 'auth.db')
      const { auth, store, events, enter } = await begin({ store: sqlite(file), keys: { alg }, log: logger })
      const { cookie } = await enter('ada')
      must(await auth.keys.rotate())
      const { d, p, q, dp, dq, qi, k } = (await stolen(store, kidOf(cookie))).secret.export({ format: 'jwk' })
      const secrets = [d, p, q, dp, dq, qi, k].filter((one) => one !== undefined)
      expect(secrets.length).toBeGreaterThan(0)
      const shown = inspect([auth, events, said, await auth.keys.list()], { depth: 12, maxArrayLength: null })
      const told = shown + JSON.stringify([events, said, await auth.keys.list(), await auth.keys.published()])
      await Promise.all(open.splice(0).map((one) => one.close()))
      const files = readdirSync(where).map((name) => readFileSync(join(where, name)))
      const dump = Buffer.concat(files).toString('latin1')
      expect(dump).toContain(kidOf(cookie))
      for (const secret of secrets) {
        const bytes = Buffer.from(secret as string, 'base64url')
        for (const form of [
          secret as string,
          bytes.toString('base64'),
          bytes.toString('hex'),
          bytes.toString('latin1'),
        ]) {
          expect(dump.includes(form)).toBe(false)
          expect(told.includes(form)).toBe(false)
        }
      }
    },
  )

  it('KM-08: the master secret goes in three roll-outs, one server after the other, and nobody is signed out', async () => {
    const [file, clock] = [newFile(), manualClock()]
    const start = (secret: string | string[]) => begin({ store: sqlite(file), clock, secret })
    const nodes = [await start(SECRET), await start(SECRET)] as [House, House]
    const held = [await nodes[0].enter('before')]
    must(await nodes[0].auth.keys.rotate())
    // Every server learns to open with the new one; then it comes first and seals; then the old one goes.
    for (const [step, secret] of [[SECRET, OTHER_SECRET], [OTHER_SECRET, SECRET], OTHER_SECRET].entries()) {
      for (const i of [0, 1] as const) {
        const leaving = nodes[i]
        nodes[i] = await start(secret)
        await leaving.close()
        held.push(await nodes[i].enter(`user${step}${i}`))
        await clock.advance(MINUTE + 1000)
        for (const { carrier } of held) for (const { auth } of nodes) must(await auth.authenticate(carrier))
      }
      const newest = sealing([step === 0 ? SECRET : OTHER_SECRET])
      await until(async () =>
        (await nodes[0].store.keys.list()).every(({ sealed }) => sealedByNewest(newest, sealed ?? '')),
      )
    }
    expect(new Set(held.map(({ cookie }) => kidOf(cookie))).size).toBe(1)
    expect(await nodes[0].auth.keys.list()).toHaveLength(2)
  })
})

describe('a key that cannot be opened', () => {
  /** A node that runs, and learns of a key that another has sealed with a secret that is not its own. */
  async function shutOut() {
    const [store, clock] = [memory(), manualClock()]
    const { said, logger } = log()
    const keys = { rotateEvery: '2d', publishFor: '2m' } as const
    const here = await begin({ store, clock, keys, log: logger })
    const { carrier } = await here.enter('ada')
    const there = await begin({ store, clock, keys, secret: [OTHER_SECRET, SECRET] })
    const { kid } = must(await there.auth.keys.rotate())
    await clock.advance(1000)
    return { store, clock, here, there, carrier, kid, said }
  }

  it('P3: is told of in the log, and answers 503 and not 401 to who holds its tokens', async () => {
    const { clock, here, there, carrier, said } = await shutOut()
    await clock.advance(MINUTE)
    expect(JSON.stringify(said)).toContain('StoreUnavailable SEALED_BY_ANOTHER_SECRET')
    must(await here.auth.authenticate(carrier))
    expect(await here.auth.health()).toMatchObject({ keys: true })
    await clock.advance(2 * MINUTE)
    expect(await here.auth.health()).toMatchObject({ keys: false })
    const { carrier: new_ } = await there.enter('bea')
    expect(await here.auth.authenticate(new_)).toMatchObject({ refusal: { code: 'unavailable' } })
    must(await there.auth.authenticate(new_))
    await expect(here.auth.signIn({ email: 'ada@example.com', password: PASSWORD })).rejects.toThrow(/cannot be opened/)
    await expect(here.auth.keys.published()).rejects.toThrow(/cannot be opened/)
    expect(await there.auth.keys.published()).toHaveLength(2)
    expect(await here.auth.keys.list()).toHaveLength(2)
    expect(JSON.stringify(said)).not.toContain(SECRET)
  })

  it('KM-02: can be removed by whoever cannot open it, and the next one is made', async () => {
    const [store, clock] = [memory(), manualClock()]
    await (await begin({ store, clock })).auth.close()
    const options = { store, clock, strategy: jwt(), baseUrl: BASE, secret: OTHER_SECRET }
    const auth = createAuth(options)
    await expect(auth.ready()).rejects.toThrow(/the master secret is not the one .* list that one in secret too/)
    const [lost] = await auth.keys.list()
    must(await auth.keys.remove(lost?.kid ?? ''))
    expect((await auth.keys.list()).map(({ state }) => state).toSorted()).toEqual(['removed', 'signing'])
    await auth.ready()
    expect(await auth.health()).toMatchObject({ keys: true })
    await auth.close()
  })

  it('spoils no other: what was sealed is no key, as of a newer program', async () => {
    const [store, clock] = [memory(), manualClock()]
    const { auth, enter } = await begin({ store, clock, keys: { rotateEvery: '2d', publishFor: '1h' } })
    const { carrier } = await enter('ada')
    const { kid } = await generateKey('EdDSA')
    const [own] = await store.keys.list()
    const sealed = seal(sealing([SECRET]), '{"kty":"AKP"}', purposeOf(kid))
    const times = { createdAt: clock.now() + 1, signsFrom: clock.now() + 5 * MINUTE, removedAt: null }
    await store.keys.add({ kid, alg: 'ML-DSA-65', ...times, sealed }, own?.kid ?? null)
    await clock.advance(MINUTE + 1000)
    const started = await begin({ store, clock })
    for (const node of [auth, started.auth]) {
      must(await node.authenticate(carrier))
      expect(await node.health()).toMatchObject({ keys: true })
    }
    must(await auth.authenticate((await started.enter('bea')).carrier))
  })
})

/** The keys of one node of several, which hears of nothing by itself. */
function ringOf({ keys, audit }: Pick<Store, 'keys' | 'audit'>, clock: ManualClock, setting: KeySetting) {
  return keyring({
    keys,
    clock,
    secrets: [SECRET],
    setting,
    overlap: () => 0,
    recorder: recorder(audit, clock, macKey(SECRET, 'test'), log().logger, null),
    settle: async () => {},
  })
}

it('KM-02: a node that has heard of the removal alone signs with the next key, and makes it if nobody has', async () => {
  const [store, clock] = [memory(), manualClock()]
  const [one, two] = [ringOf(store, clock, keySetting({})), ringOf(store, clock, keySetting({}))]
  const now = clock.now()
  await one.start()
  await two.start()
  const { kid } = await one.signing(now)
  await store.keys.remove(kid, 'EdDSA', now)
  for (const ring of [one, two]) ring.apply({ kind: 'key', kid, removed: true })
  expect([one.ready(now), two.ready(now)]).toEqual([false, false])
  const signing = await Promise.all([one, one, two].map((ring) => ring.signing(now)))
  const left = (await store.keys.list()).filter(({ removedAt }) => removedAt === null)
  expect(left).toHaveLength(1)
  expect(signing.map((key) => key.kid)).toEqual([left[0]?.kid, left[0]?.kid, left[0]?.kid])
  await Promise.all([one.stop(), two.stop()])
})

it('KM-02: before it is known which keys were removed, an imported one lets nobody in', async () => {
  const [{ keys, audit }, clock] = [memory(), manualClock()]
  const pem = async () => (await generateKey('EdDSA')).secret.export({ type: 'pkcs8', format: 'pem' }) as string
  const setting = keySetting({ import: [{ key: await pem() }, { key: await pem() }] })
  const [removed, good] = [...setting.imported.keys()] as [string, string]
  await keys.remove(removed, 'EdDSA', clock.now())
  let late: Promise<void> | null = null
  const list = async () => {
    await late
    return keys.list()
  }
  const ring = ringOf({ keys: { ...keys, list }, audit }, clock, setting)
  const now = clock.now()
  await ring.start()
  expect([ring.stands(removed, now), ring.stands(good, now)]).toEqual([false, true])
  // What was learnt is dropped, and what is true instead takes its time.
  let answer = () => {}
  late = new Promise((resolve) => {
    answer = resolve
  })
  ring.reset()
  for (const kid of [removed, good]) expect(() => ring.stands(kid, now)).toThrow(/not been read/)
  expect(ring.ready(now)).toBe(false)
  const found = [ring.find(removed, now), ring.find(good, now), ring.signing(now)]
  answer()
  expect((await Promise.all(found)).map((key) => key?.kid)).toEqual([undefined, good, good])
  expect(ring.signing(now)).toBe(await ring.find(good, now))
  await ring.stop()
})
