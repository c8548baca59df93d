import { cancel, intro, isCancel, select, text } from '@clack/prompts'
import { type Answers, USUAL } from './answers.ts'
import { urlProblem } from './url.ts'

/** Asks for what was not said already; null when whoever is asked breaks off. */
export async function ask(given: Partial<Answers>): Promise<Answers | null> {
  intro('A configuration for this folder: what is chosen here can be changed in the file')
  const steps = {
    strategy: () =>
      select({
        message: 'How do sessions travel?',
        initialValue: USUAL.strategy,
        options: [
          { value: 'session', label: 'session', hint: 'a token that says nothing: for web applications' },
          { value: 'hybrid', label: 'hybrid', hint: 'a short signed token and one to refresh it: for services too' },
          { value: 'jwt', label: 'jwt', hint: 'a signed token and no record: for APIs on many servers' },
        ],
      }),
    database: () =>
      select({
        message: 'What is everything kept in?',
        initialValue: USUAL.database,
        options: [
          { value: 'sqlite', label: 'SQLite', hint: 'one file, one machine, nothing to install' },
          { value: 'postgres', label: 'PostgreSQL', hint: 'any number of servers' },
        ],
      }),
    url: () =>
      text({
        message: 'Where do people reach it? Leave it empty while you try things out',
        placeholder: 'https://auth.example.com',
        defaultValue: '',
        validate: (value) => (value ? (urlProblem(value) ?? undefined) : undefined),
      }),
    signUp: () =>
      select({
        message: 'Who makes accounts?',
        initialValue: USUAL.signUp,
        options: [
          { value: 'open', label: 'everybody, for themselves' },
          { value: 'closed', label: 'administrators' },
        ],
      }),
    names: () =>
      text({
        message: 'Names of the product and the company, which no password may be made of',
        placeholder: 'Acme Bank, Goldvault',
        defaultValue: '',
      }),
  } as const satisfies Record<keyof Answers, () => Promise<unknown>>
  const said: Record<string, unknown> = {}
  for (const [name, question] of Object.entries(steps)) {
    const known = given[name as keyof Answers]
    const answer: unknown = known === undefined ? await question() : known
    if (isCancel(answer)) {
      cancel('nothing was written')
      return null
    }
    said[name] = answer
  }
  const { url, names, ...rest } = said as unknown as Answers & {
    readonly url: string | null
    readonly names: string | readonly string[]
  }
  return { ...rest, url: url || null, names: typeof names === 'string' ? listOf(names) : names }
}

export function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '')
}
