/** No more ranges of a header are looked at. */
const MAX_RANGES = 20

const RANGE = /^([a-z]{1,8})(?:-[a-z0-9]{1,8})*(?:;q=([01](?:\.\d{0,3})?))?$/

/**
 * Which of the known languages somebody prefers, by `Accept-Language` (RFC 9110 section 12.5.4). Primary languages are
 * compared: `de-AT` is `de`. Of equal preference the first counts; what is not well formed is passed over.
 */
export function preferredLanguage<T extends string>(
  header: string | null | undefined,
  known: readonly T[],
  otherwise: T,
): T {
  let best: { readonly language: T; readonly weight: number } | null = null
  const ranges = (header ?? '').slice(0, 1000).toLowerCase().split(',', MAX_RANGES)
  for (const range of ranges) {
    const [, primary, quality = '1'] = RANGE.exec(range.replace(/[ \t]/g, '')) ?? []
    const language = known.find((one) => one === primary)
    const weight = Number(quality)
    if (language !== undefined && weight > (best?.weight ?? 0)) best = { language, weight }
  }
  return best?.language ?? otherwise
}
