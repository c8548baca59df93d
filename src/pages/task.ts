import type { Setting } from '../auth.ts'
import type { CaptchaWidget } from '../checks.ts'
import type { Form } from '../wire/form.ts'
import type { Markup } from './html.ts'
import { html } from './html.ts'
import type { Language } from './languages.ts'

/** What shows the task that a form asks for: the only thing in any page that runs, and that comes from elsewhere. */
export type Task = CaptchaWidget

/** The task of a form, if it asks for one; `required` when it was sent without. */
export function taskOf({ captcha }: Setting, at: 'signUp' | 'signIn' | 'forgot', required = false): Task | null {
  if (captcha === null || !captcha.widget) return null
  return captcha[at] === 'always' || required ? captcha.widget : null
}

/** Its place in the form. Without a script nobody can solve it, and that is said. */
export function taskField(task: Task | null, { pages }: Language): Markup | '' {
  if (task === null) return ''
  return html`<div class="${task.className}" data-sitekey="${task.siteKey}"></div>
<noscript><p class="wrong">${pages.frame.script}</p></noscript>`
}

/** What it was answered with. */
export function solved({ captcha }: Setting, form: Form): { readonly captcha?: string } {
  const token = captcha?.widget ? form.get(captcha.widget.field) : undefined
  return token === undefined ? {} : { captcha: token }
}

/** What the policy of a page with a task lets in besides, and of no other page. */
export function taskSources(task: Task | null | undefined): string {
  if (!task) return ''
  const from = task.origins.join(' ')
  return ` script-src ${from}; frame-src ${from}; connect-src ${from};`
}
