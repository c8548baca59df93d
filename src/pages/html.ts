const TEXT = Symbol('markup')

/** Markup in which every value from outside is escaped. Made here and by nothing else: no data from outside has this symbol. */
export type Markup = { readonly [TEXT]: string; toString(): string }

/** What may stand in a place of a template: markup as it is, text escaped, nothing for what is no text, lists one after the other. */
export type Piece = Markup | string | number | boolean | null | undefined | readonly Piece[]

const SIGNS = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' } as const

/** Markup of a template. Values belong between tags, or into attributes in quotes: nowhere else is what is escaped harmless (SH rows). */
export function html(strings: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  return raw(String.raw({ raw: strings }, ...values.map(textOf)))
}

/** What is markup already, written by us. */
export function raw(text: string): Markup {
  return { [TEXT]: text, toString: () => text }
}

function textOf(piece: Piece): string {
  if (typeof piece === 'string') return piece.replace(/[&<>"']/g, (sign) => SIGNS[sign as keyof typeof SIGNS])
  if (typeof piece === 'number') return String(piece)
  if (piece === null || typeof piece !== 'object') return ''
  return TEXT in piece ? piece[TEXT] : piece.map(textOf).join('')
}
