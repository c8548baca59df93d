import type { Refusal } from '../errors.ts'
import { fill } from '../texts.ts'
import { help, NOTHING_WRONG, sentence, type Wrong } from './explain.ts'
import { html, type Markup, raw } from './html.ts'
import type { Language } from './languages.ts'
import { alert } from './markup.ts'

/** One line of a form that people write into. */
export type TextField = {
  readonly name: string
  readonly label: string
  readonly type: 'email' | 'password' | 'text'
  /** For password managers and browsers (WCAG 2.2, 1.3.5). */
  readonly autocomplete: string
  readonly value?: string
  readonly hint?: Markup | string
  readonly required?: boolean
  readonly focus?: boolean
}

/** The field with its label, its hint, and what is wrong with it, each tied to it for screen readers. */
export function textField(field: TextField, errors: Wrong = NOTHING_WRONG): Markup {
  const { name, label, type, autocomplete, value = '', hint, required = true, focus = false } = field
  const wrong = errors.get(name)
  const described = [wrong && `${name}-wrong`, hint !== undefined && `${name}-hint`].filter(Boolean).join(' ')
  return html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"${
    type === 'email' ? raw(' inputmode="email" autocapitalize="none" spellcheck="false" dir="ltr"') : ''
  }${type === 'password' ? raw(' dir="ltr"') : ''}${required ? raw(' required') : ''}${focus ? raw(' autofocus') : ''}${
    wrong ? raw(' aria-invalid="true"') : ''
  }${described ? html` aria-describedby="${described}"` : ''}>
${wrong === undefined ? '' : html`<p class="wrong" id="${name}-wrong">${wrong}</p>`}
${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
</div>`
}

/** Fields one after the other. The first that has something wrong gets the focus, or the first of all if `begin` says so. */
export function textFields(fields: readonly TextField[], errors: Wrong, begin = true): Markup {
  const first = fields.find(({ name }) => errors.has(name)) ?? (begin ? fields[0] : undefined)
  return html`${fields.map((field) => textField({ ...field, focus: field === first }, errors))}`
}

/** What is wrong with a form, at its top, with ways to the fields (WCAG 2.2, 3.3.1). */
export function summary(refusal: Refusal, language: Language, fields: readonly TextField[], errors: Wrong): Markup {
  const wrong = fields.filter(({ name }) => errors.has(name))
  if (wrong.length === 0) return alert(sentence(refusal, language))
  const lead = help(refusal, language) === null ? language.pages.frame.look : sentence(refusal, language)
  return alert(html`<p>${lead}</p>
<ul>
${wrong.map(({ name, label }) => html`<li><a href="#${name}">${label}: ${errors.get(name)}</a></li>`)}
</ul>`)
}

/** A new password: what to know before choosing it stands there, so that the first try is good. */
export function newPasswordField({ pages }: Language, minLength: number, name = 'newPassword'): TextField {
  const { fields } = pages
  const label = name === 'password' ? fields.password : fields.newPassword
  const hint = fill(fields.passwordHint, { count: minLength })
  return { name, label, type: 'password', autocomplete: 'new-password', hint }
}

/** A field that may stay empty, said in its label. */
export function optional({ pages }: Language, label: string): string {
  return fill(pages.fields.optional, { label })
}
