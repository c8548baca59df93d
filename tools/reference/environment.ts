import { VARIABLES } from '../../src/server/variables.ts'
import { cell, code } from './comments.ts'

/** Every variable the server and its commands look at. */
export function environmentPage(): string {
  const rows = Object.entries(VARIABLES).map(([name, { member, usual, says }]) => {
    const shown = /[`; ]/.test(usual) || usual === 'none' || usual === 'all' ? cell(usual) : code(usual)
    return `| ${code(name)} | ${member === null ? '' : code(member)} | ${shown} | ${cell(says)} |`
  })
  return `# Environment

The command line before the environment before \`sallyport.config.ts\` before the defaults. An empty variable counts as absent, and a
\`SALLYPORT_…\` that means nothing is warned of. Durations are \`30m\`, \`12h\`, \`14d\`, or milliseconds. Every member of the file is in
[options.md](options.md#createauth); those of the program itself are \`Config\` in [sallyport-config.md](sallyport-config.md#config).

| variable | member of the file | default | |
|---|---|---|---|
${rows.join('\n')}
`
}
