/** Options of curl that the pages use, and whether a value follows. */
const OPTIONS: Readonly<Record<string, boolean>> = {
  '-b': true,
  '-c': true,
  '-d': true,
  '--json': true,
  '--data': true,
  '-H': true,
  '-X': true,
  '-u': true,
  '-o': true,
  '-w': true,
  '-s': false,
  '-i': false,
  '-N': false,
  '-f': false,
  '-k': false,
  '-L': false,
}

export type Asked = { readonly method: string; readonly path: string } | { readonly flaw: string }

/** What a curl with these words asks for. Short options may stand together: `-su`. */
export function curlOf(given: readonly string[]): Asked {
  const urls: string[] = []
  let method: string | null = null
  let sends = false
  const words = given.flatMap((word) =>
    /^-[a-zA-Z]{2,}$/.test(word) ? [...word.slice(1)].map((one) => `-${one}`) : [word],
  )
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] as string
    if (!word.startsWith('-')) {
      urls.push(word)
      continue
    }
    const takes = OPTIONS[word]
    if (takes === undefined) return { flaw: `curl has ${word}, which no page may use` }
    if (word === '-d' || word === '--data' || word === '--json') sends = true
    if (!takes) continue
    i += 1
    if (word === '-X') method = words[i] ?? null
  }
  const [url, ...more] = urls
  if (url === undefined || more.length > 0) return { flaw: `curl asks for ${urls.length} addresses: ${urls.join(' ')}` }
  const path = url.replace(/^(?:https?:\/\/)?(?:[\w.-]+(?::\d+)?|\$[A-Z]+)(?=\/)/, '').replace(/[?#].*$/s, '')
  return { method: method ?? (sends ? 'POST' : 'GET'), path }
}
