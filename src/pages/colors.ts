/** `#rrggbb`. */
export type Color = `#${string}`

type Channels = readonly [red: number, green: number, blue: number]

export function isColor(value: string): value is Color {
  return /^#[0-9a-f]{6}$/i.test(value)
}

function channels(color: Color): Channels {
  const at = (from: number) => Number.parseInt(color.slice(from, from + 2), 16)
  return [at(1), at(3), at(5)]
}

/** From one colour towards another: `share` 0 is the first, 1 the second. */
export function mixed(from: Color, to: Color, share: number): Color {
  const [a, b] = [channels(from), channels(to)]
  const one = (at: 0 | 1 | 2) => Math.round(a[at] + (b[at] - a[at]) * share)
  return `#${([0, 1, 2] as const).map((at) => one(at).toString(16).padStart(2, '0')).join('')}`
}

/** Relative luminance (WCAG 2.2). */
function luminance(color: Color): number {
  const [red, green, blue] = channels(color).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as unknown as Channels
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** From 1 (the same) to 21 (black on white): the contrast ratio of WCAG 2.2. */
export function contrast(one: Color, other: Color): number {
  const [a, b] = [luminance(one), luminance(other)]
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
}

/** The nearest shade of `color`, darker or lighter, that keeps `least` to all of `others`; null when there is none. */
export function mended(color: Color, others: readonly Color[], least: number): Color | null {
  for (let share = 0; share <= 1; share += 0.02) {
    for (const end of ['#000000', '#ffffff'] as const) {
      const shade = mixed(color, end, share)
      if (others.every((other) => contrast(shade, other) >= least)) return shade
    }
  }
  return null
}
