import type { Flags } from '../server/config.ts'
import { examine } from '../server/doctor/examine.ts'
import { plain, print } from './output.ts'

/** `doctor`: the exit code is 1 when something is bad. */
export async function doctor({ json, ...flags }: Pick<Flags, 'strategy'> & { readonly json?: boolean }): Promise<void> {
  const findings = await examine(flags)
  print(json, { findings }, () =>
    findings
      .map(
        ({ level, what, instead }) =>
          `${level.padEnd(4)}  ${plain(what)}${instead === null ? '' : ` — ${plain(instead)}`}`,
      )
      .join('\n'),
  )
  if (findings.some(({ level }) => level === 'bad')) process.exitCode = 1
}
