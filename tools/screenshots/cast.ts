import type { Stage } from './stage.ts'

/** Who plays on the stage. */
export const MIRA = { email: 'mira.okafor@example.com', name: 'Mira Okafor', password: 'seven quiet herons at dusk' }

/** What browsers say of themselves. */
export const AGENTS = {
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  phone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
  windows: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0',
  tablet:
    'Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1',
  program: '',
} as const

const [MINUTE, HOUR] = [60_000, 3_600_000]

/** Mira, signed in on several devices over a few days, some of it over by now. */
export async function settled({ auth, clock }: Stage, except?: 'sessions'): Promise<void> {
  const made = await auth.users.create(MIRA)
  if (!made.ok) throw new Error(made.refusal.code)
  if (except) return
  const enter = async (agent: keyof typeof AGENTS, source: string) => {
    const context = { userAgent: AGENTS[agent], source }
    const outcome = await auth.signIn({ ...MIRA, remember: true }, context)
    if (!outcome.ok || outcome.value.status !== 'signed_in') throw new Error('not signed in')
    return outcome.value.session
  }
  const first = await enter('windows', '198.51.100.7')
  clock.step(26 * HOUR)
  await auth.end(first.id, { reason: 'signed_out' })
  const second = await enter('tablet', '203.0.113.24')
  clock.step(9 * HOUR)
  await auth.end(second.id, { reason: 'session_expired_idle' })
  await enter('program', '192.0.2.200')
  clock.step(20 * HOUR)
  await enter('phone', '203.0.113.81')
  clock.step(3 * HOUR + 12 * MINUTE)
  await enter('windows', '198.51.100.7')
  clock.step(17 * MINUTE)
}
