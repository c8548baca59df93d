import { describe, expect, it } from 'vitest'
import { CODES } from '../../src/errors.ts'
import { everyPage, pageText } from './pages.ts'

describe('pages of the errors', () => {
  it('are one for each code, and no other', () => {
    const pages = everyPage('docs/errors').filter((page) => page !== 'docs/errors/README.md')
    expect(pages.sort()).toEqual(
      Object.keys(CODES)
        .map((code) => `docs/errors/${code}.md`)
        .sort(),
    )
  })

  it.each(Object.entries(CODES))('%s has its status and title, and says what to do', (code, [status, title]) => {
    const text = pageText(`docs/errors/${code}.md`)
    expect(text).toContain(`# ${code}\n\n**${status}** · ${title}\n\n`)
    for (const row of ['who sees it', 'what the client does', 'what the operator looks at']) {
      expect(text).toMatch(new RegExp(`^\\| ${row} \\| .{5,} \\|$`, 'm'))
    }
    expect(pageText('docs/errors/README.md')).toContain(`| ${status} | [\`${code}\`](${code}.md) | ${title} |`)
  })
})
