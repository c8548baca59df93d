/** A command of a shell: the words it is called by. Of pipes and lists each part is one. */
export type Command = readonly string[]

/**
 * Reads what the pages have of shell: words, quotes, variables, comments, `\` at the end of a line, pipes, lists, redirections and one
 * command in another, `$(…)`, which counts as a command of its own. Variables stay as they are.
 * @throws for quotes that nothing closes
 */
export function commandsOf(text: string): readonly Command[] {
  const found: Command[] = []
  let words: string[] = []
  let word: string | null = null
  const endWord = () => {
    if (word !== null) words.push(word)
    word = null
  }
  const endCommand = () => {
    endWord()
    if (words.length > 0) found.push(words)
    words = []
  }
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i] as string
    if (sign === '\\') {
      if (text[i + 1] !== '\n') word = `${word ?? ''}${text[i + 1]}`
      i += 1
    } else if (sign === "'" || sign === '"') {
      const end = closing(text, i)
      const inner = text.slice(i + 1, end)
      if (sign === '"') found.push(...inside(inner))
      word = `${word ?? ''}${sign === '"' ? inner.replace(/\\(["\\`$])/g, '$1') : inner}`
      i = end
    } else if (sign === '$' && text[i + 1] === '(') {
      const end = text.indexOf(')', i)
      found.push(...commandsOf(text.slice(i + 2, end)))
      word = `${word ?? ''}$ANSWER`
      i = end
    } else if (sign === '#' && word === null) i = Math.max(i, text.indexOf('\n', i) - 1)
    else if (sign === '\n' || sign === ';' || sign === '|' || sign === '&') endCommand()
    else if (sign === '<' || sign === '>') {
      endWord()
      const [redirected = ''] = /^[<>]+ ?\S+/.exec(text.slice(i)) ?? []
      i += redirected.length - 1
    } else if (/\s/.test(sign)) endWord()
    else word = `${word ?? ''}${sign}`
  }
  endCommand()
  return found.map(withoutAssignments).filter((command) => command.length > 0)
}

function closing(text: string, at: number): number {
  const quote = text[at]
  for (let i = at + 1; i < text.length; i += 1) {
    if (text[i] === '\\' && quote === '"') i += 1
    else if (text[i] === quote) return i
  }
  throw new Error(`a quote is never closed: ${text.slice(at, at + 40)}`)
}

function inside(text: string): readonly Command[] {
  return [...text.matchAll(/\$\(([^)]*)\)/g)].flatMap(([, inner = '']) => commandsOf(inner))
}

/** `NAME=value` before a command. */
function withoutAssignments(command: Command): Command {
  const from = command.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word))
  return from < 0 ? [] : command.slice(from)
}
