import { Command } from 'commander'
import { commands } from '../../src/cli/commands.ts'

/** The whole command line, as the program itself has it. */
export function commandLine(): Command {
  const program = new Command('sallyport')
  commands(program, 'sallyport')
  return program
}

/** Every command with its own help. */
export function cliPage(): string {
  const parts = leaves(commandLine(), []).map(({ command, path }) => {
    return `## ${path.join(' ')}\n\n\`\`\`text\n${helpOf(command).trimEnd()}\n\`\`\``
  })
  return `# Command line

\`sallyport <command>\`, or \`npm run sallyport -- <command>\` in a clone. Commands work on the database that the configuration names, beside
running servers or without any. \`--json\` prints JSON. Exit codes: 0 done, 1 refused or failed (one line on standard error says why),
2 not understood, 130 after Ctrl-C. [environment.md](environment.md) has the variables.

${parts.join('\n\n')}
`
}

export type Leaf = { readonly command: Command; readonly path: readonly string[] }

/** Commands that do something, by their whole names. */
export function leaves(command: Command, path: readonly string[]): readonly Leaf[] {
  const below = command.commands.filter((one) => one.name() !== 'help')
  if (below.length === 0) return [{ command, path }]
  return below.flatMap((one) => leaves(one, [...path, one.name()]))
}

function helpOf(command: Command): string {
  let text = ''
  command.configureHelp({ helpWidth: 120 })
  command.configureOutput({
    writeOut(more) {
      text += more
    },
    getOutHelpWidth: () => 120,
    getOutHasColors: () => false,
  })
  command.outputHelp()
  return text
}
