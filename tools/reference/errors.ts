import { CODES, type Code } from '../../src/errors.ts'
import { SAID } from './codes.ts'
import { cell } from './comments.ts'

/** A page for each code, and their index. Codes, status and title are those of `src/errors.ts`. */
export function errorPages(): ReadonlyMap<string, string> {
  const codes = Object.keys(CODES) as Code[]
  return new Map([['README.md', index(codes)], ...codes.map((code) => [`${code}.md`, page(code)] as const)])
}

function page(code: Code): string {
  const [status, title] = CODES[code]
  const { means, seen, client, operator } = SAID[code]
  return `# ${code}

**${status}** · ${title}

${means}

| | |
|---|---|
| who sees it | ${cell(seen)} |
| what the client does | ${cell(client)} |
| what the operator looks at | ${cell(operator)} |

[All codes](README.md)
`
}

function index(codes: readonly Code[]): string {
  const rows = codes.map((code) => {
    const [status, title] = CODES[code]
    return `| ${status} | [\`${code}\`](${code}.md) | ${cell(title)} |`
  })
  return `# Errors

Every refusal has a \`code\`. Over HTTP it is in \`application/problem+json\` (RFC 9457); in your own program it is \`refusal.code\` of a result.

\`\`\`json
{
  "type": "urn:sallyport:problem:session_expired_idle",
  "title": "The session ended after a time without activity",
  "status": 401,
  "code": "session_expired_idle",
  "requestId": "ur1SCbU6fpJHn42B"
}
\`\`\`

Branch on \`code\`: it is stable. Titles and details are for people, and may be reworded. \`type\` is a name and no address, as an installation
has no page to point at: what follows its last colon is the code, and the page here is \`<code>.md\`. 401 carries \`WWW-Authenticate\`, 429 and 503
\`Retry-After\`. Of a fault (5xx) nothing but its code is told; \`requestId\` finds it in the log.

| status | code | |
|---|---|---|
${rows.join('\n')}
`
}
