/** The value below which the share `q` of the values lies: nearest rank. NaN of nothing. */
export function quantile(values: ArrayLike<number>, q: number): number {
  const sorted = Float64Array.from(values).sort()
  const rank = Math.ceil(q * sorted.length) - 1
  return sorted[Math.max(0, Math.min(sorted.length - 1, rank))] ?? Number.NaN
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/**
 * How many times `a` is `b`, pair by pair: both of a pair were measured one after the other, so that whatever slowed the
 * machine slowed both. The median of it is not moved by a few bad moments.
 */
export function ratio(a: readonly number[], b: readonly number[]): number {
  return median(a.map((value, i) => value / (b[i] ?? Number.NaN)))
}
