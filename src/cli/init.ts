import { existsSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { missing } from '../server/missing.ts'
import { FailureError, UsageError } from './failure.ts'
import { type Answers, USUAL } from './init/answers.ts'
import { composeText, configText, environmentText } from './init/texts.ts'
import { urlProblem } from './init/url.ts'
import { print } from './output.ts'

export type InitFlags = Partial<Omit<Answers, 'names' | 'url'>> & {
  readonly url?: string
  readonly name?: readonly string[]
  readonly file: string
  readonly yes?: boolean
  readonly force?: boolean
  readonly print?: 'config' | 'env' | 'compose'
  readonly json?: boolean
}

/** `init`. `program` is how the program is called here. */
export async function init(
  { name, url, file, yes, force, print: wanted, json, ...given }: InitFlags,
  program: string,
): Promise<void> {
  const problem = url === undefined ? null : urlProblem(url)
  if (problem) throw new UsageError(`--url ${url}: ${problem}`)
  const path = resolve(file)
  if (!/\.m?[jt]s$/.test(path)) throw new UsageError(`--file ${file}: write a name such as sallyport.config.ts`)
  if (!wanted && !force) notThere(path)
  const said = { ...given, ...(url !== undefined && { url }), ...(name && { names: name }) }
  const isAsked = !yes && !wanted && !json && process.stdin.isTTY && process.stdout.isTTY
  const answers = isAsked ? await asked(said) : { ...USUAL, ...said }
  if (!answers) {
    process.exitCode = 130
    return
  }
  if (wanted) {
    console.log(textOf(wanted, answers).trimEnd())
    return
  }
  write(path, configText(answers), force ?? false)
  print(json, { file: path, ...answers }, () => [`wrote ${path}`, next(program)].join('\n'))
}

/** Without the package that asks, what was not said is as usual. */
async function asked(said: Partial<Answers>): Promise<Answers | null> {
  const [line] = missing([['asking', '@clack/prompts']])
  if (line === undefined) return (await import('./init/ask.ts')).ask(said)
  console.error(`what was not said is as usual, as ${line}`)
  return { ...USUAL, ...said }
}

/** A clone is run by its scripts, with the file beside them. */
function next(program: string): string {
  const [first, called] =
    program === 'sallyport'
      ? ['npm install sallyport, then npx sallyport serve', 'npx sallyport']
      : ['npm start', program]
  return `next: ${first}; before it goes live: ${called} init --print env, and ${called} doctor`
}

function textOf(wanted: 'config' | 'env' | 'compose', answers: Answers): string {
  if (wanted === 'config') return configText(answers)
  if (wanted === 'compose') return composeText(answers)
  return environmentText(answers, Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64url'))
}

function notThere(path: string): void {
  if (existsSync(path))
    throw new FailureError(`${path} is there already: add --force to write over it, or name another with --file`)
}

/** Without `force` a file that came into being meanwhile stays as it is. */
function write(path: string, text: string, force: boolean): void {
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' })
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault'
    if (code === 'EEXIST') notThere(path)
    throw new FailureError(
      `${path} cannot be written (${code}): name a file in a folder that this user may write to with --file`,
    )
  }
}
