/** What is wrong with an address to reach the server at; null when nothing is. */
export function urlProblem(value: string): string | null {
  const url = URL.parse(value)
  if (!url || !['http:', 'https:'].includes(url.protocol)) return 'write an address such as https://auth.example.com'
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') return `write it without a path: ${url.origin}`
  if (url.username !== '' || url.password !== '') return 'write it without a user'
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || isLocal
    ? null
    : `write https://${url.host}: on plain http cookies can be read on the way`
}
