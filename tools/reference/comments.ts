import ts from 'typescript'

/** What a doc comment says, in one line, with its tags apart. */
export type Comment = { readonly text: string; readonly tags: ReadonlyMap<string, string> }

/** Lines that are of one sentence are joined; empty ones part paragraphs. */
export function commentOf(node: ts.Node): Comment {
  const docs = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  const last = docs.at(-1)
  const tags = new Map<string, string>()
  for (const tag of last?.tags ?? []) {
    const name = ts.isJSDocParameterTag(tag) ? `param ${tag.name.getText()}` : tag.tagName.text
    const before = tags.get(name)
    // Of what is thrown there may be several.
    const said = `${ts.isJSDocThrowsTag(tag) && tag.typeExpression ? tag.typeExpression.getText() : ''}${plain(tag.comment)}`
    tags.set(name, before === undefined ? said : `${before}; ${said}`)
  }
  return { text: plain(last?.comment), tags }
}

function plain(comment: string | ts.NodeArray<ts.JSDocComment> | undefined): string {
  return (ts.getTextOfJSDocComment(comment) ?? '')
    .split(/\n\s*\n/)
    .map((paragraph) => paragraph.replace(/\s*\n\s*/g, ' ').trim())
    .join('\n\n')
}

/** A comment with what it says of parameters, results and errors. */
export function paragraphs({ text, tags }: Comment): string {
  const rest = [...tags].map(([tag, said]) => {
    if (tag.startsWith('param ')) return `- \`${tag.slice('param '.length)}\`: ${said}`
    return tag === 'throws' ? `- throws ${said}` : `- ${tag}: ${said}`
  })
  return [text, rest.join('\n')].filter((part) => part !== '').join('\n\n')
}

/** Text inside a table of Markdown. */
export function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim()
}

/** Code inside a table of Markdown. */
export function code(text: string): string {
  return `\`${cell(text)}\``
}
