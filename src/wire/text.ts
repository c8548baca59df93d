/**
 * Control characters (newlines and escapes among them), format characters (bidirectional overrides, zero widths, byte
 * order marks), line and paragraph separators, and halves of surrogate pairs.
 */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/**
 * Text from outside, fit for one field of a log record or one line on a screen: at most `max` UTF-16 units, and nothing
 * in it that could end a line, move a cursor or turn the reading direction (LG-04). An ANSI sequence loses its escape and
 * with it its meaning. Quotes and angle brackets stay: they are for whoever writes the record or the page to escape.
 */
export function safeText(text: string, max: number): string {
  return text.slice(0, max).replace(UNSAFE, '')
}
