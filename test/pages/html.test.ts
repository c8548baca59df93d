import { describe, expect, it } from 'vitest'
import { html, raw } from '../../src/pages/html.ts'

const text = (markup: { toString(): string }) => markup.toString()

describe('markup', () => {
  it('escapes every sign that could leave the place of a value, each time it is there', () => {
    expect(text(html`<a title="${`"'<&>"`}">${`<b>&amp;'</b>`}</a>`)).toBe(
      '<a title="&quot;&#39;&lt;&amp;&gt;&quot;">&lt;b&gt;&amp;amp;&#39;&lt;/b&gt;</a>',
    )
  })

  it('leaves markup as it is, in lists and in each other', () => {
    const items = ['<1>', '<2>'].map((item) => html`<li>${item}</li>`)
    expect(text(html`<ul>${items}${[[raw('<hr>')], '&']}</ul>`)).toBe(
      '<ul><li>&lt;1&gt;</li><li>&lt;2&gt;</li><hr>&amp;</ul>',
    )
  })

  it('writes numbers, and nothing for what is no text', () => {
    expect(text(html`${0}|${1.5}|${null}|${undefined}|${false}|${true}|${''}|${[]}`)).toBe('0|1.5||||||')
  })

  it('keeps what a template says of itself', () => {
    expect(text(html`a\nb ${'c'}`)).toBe('a\nb c')
  })

  it('nothing that came from outside is markup, whatever it looks like', () => {
    const forged = JSON.parse('{"isEscaped":true,"markup":"<b>","Symbol(markup)":"<b>","toString":"<b>"}')
    expect(() => text(html`${forged}`)).toThrow(TypeError)
    expect(text(html`${String(raw('<b>'))}`)).toBe('&lt;b&gt;')
  })
})
