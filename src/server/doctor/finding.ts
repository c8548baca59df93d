/** One thing that was looked at. `bad`: do not go live like this. `warn`: weaker than it could be. */
export type Finding = {
  readonly level: 'ok' | 'warn' | 'bad'
  readonly what: string
  /** What to write instead; null when nothing has to change. */
  readonly instead: string | null
}

export const ok = (what: string, instead: string | null = null): Finding => ({ level: 'ok', what, instead })
export const warn = (what: string, instead: string): Finding => ({ level: 'warn', what, instead })
export const bad = (what: string, instead: string): Finding => ({ level: 'bad', what, instead })

/** The findings, or the word that there are none. */
export function orOk(findings: readonly Finding[], what: string): readonly Finding[] {
  return findings.length === 0 ? [ok(what)] : findings
}

/** A message that stops the start, as a finding: what is wrong before the last part, what to write in it. */
export function fromMessage(message: string): Finding {
  const [, prefix = '', what = message, instead = null] = /^([A-Z][A-Z_]+: )?(.+?): (.+)$/s.exec(message) ?? []
  return { level: 'bad', what: `${prefix}${what}`, instead }
}

const ORDER = { bad: 0, warn: 1, ok: 2 } as const

/** Worst first, then by what they say, each once. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const once = new Map(findings.map((finding) => [`${finding.level} ${finding.what}`, finding]))
  return [...once.values()].sort((a, b) => ORDER[a.level] - ORDER[b.level] || (a.what < b.what ? -1 : 1))
}
