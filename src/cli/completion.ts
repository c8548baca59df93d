import type { Command } from 'commander'
import { print } from './output.ts'

type Shell = 'bash' | 'zsh' | 'fish'

/** `completion`: the script is made from the commands as they are. */
export function completion(program: Command, shell: Shell, { json }: { readonly json?: boolean }): void {
  print(json, { shell, script: SCRIPTS[shell](wordsOf(program, [])) }, ({ script }) => script)
}

/** By the command line so far, what can follow. */
type Words = readonly (readonly [path: string, words: readonly string[]])[]

function wordsOf(command: Command, path: readonly string[]): Words {
  const options = command.options.flatMap(({ long }) => (long ? [long] : []))
  const here = [...command.commands.map((one) => one.name()), ...options, '--help']
  return [[path.join(' '), here], ...command.commands.flatMap((one) => wordsOf(one, [...path, one.name()]))]
}

/** Of the words so far those that name a command, and then what can follow them; zsh reads what is written for bash. */
const bash = (words: Words): string => `_sallyport() {
  local path='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in -*) ;; *) path="\${path:+$path }$word" ;; esac
  done
  case "$path" in
${words.map(([path, next]) => `    '${path}') COMPREPLY=($(compgen -W '${next.join(' ')}' -- "\${COMP_WORDS[COMP_CWORD]}")) ;;`).join('\n')}
    *) COMPREPLY=($(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")) ;;
  esac
}
complete -F _sallyport sallyport`

const SCRIPTS: Readonly<Record<Shell, (words: Words) => string>> = {
  bash,
  zsh: (words) => `autoload -Uz bashcompinit && bashcompinit\n${bash(words)}`,
  fish: (words) =>
    words
      .map(([path, next]) => {
        const seen =
          path === ''
            ? '__fish_use_subcommand'
            : path
                .split(' ')
                .map((word) => `__fish_seen_subcommand_from ${word}`)
                .join('; and ')
        return `complete -c sallyport -n '${seen}' -a '${next.join(' ')}'`
      })
      .join('\n'),
}
