import { html, raw } from 'hono/html'
import type { FieldError } from '../errors.ts'
import type { Markup } from './layout.ts'

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
export function textField(field: TextField, errors: readonly FieldError[] = []): Markup {
  const { name, label, type, autocomplete, value = '', hint, required = true, focus = false } = field
  const wrong = errors.find((error) => error.path === name)
  const described = [wrong && `${name}-wrong`, hint !== undefined && `${name}-hint`].filter(Boolean).join(' ')
  return html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"${
    type === 'email' ? raw(' inputmode="email" autocapitalize="none" spellcheck="false"') : ''
  }${required ? raw(' required') : ''}${focus ? raw(' autofocus') : ''}${
    wrong ? raw(' aria-invalid="true"') : ''
  }${described ? html` aria-describedby="${described}"` : ''}>
${wrong ? html`<p class="wrong" id="${name}-wrong">${told(wrong, label)}</p>` : ''}
${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
</div>`
}

/** Some details are sentences, others go on where the field's name ends. */
function told({ detail }: FieldError, label: string): string {
  return /^\p{Ll}/u.test(detail) ? `${label} ${detail}.` : `${detail}.`
}

/** A value that goes along. */
export function hidden(name: string, value: string): Markup {
  return html`<input type="hidden" name="${name}" value="${value}">`
}

/** What to know before choosing a password, so that the first try is good. */
export function newPasswordHint(minLength: number): string {
  return `At least ${minLength} characters. Several words that only you would put together are best; spaces and all characters count.`
}
