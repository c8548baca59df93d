import type { Method, Route } from './route.ts'

/** The rows of one path, and the ids in it. */
export type Match = {
  readonly routes: ReadonlyMap<string, Route>
  readonly params: Readonly<Record<string, string>>
}

type Entry = { readonly segments: readonly string[]; readonly routes: Map<Method, Route> }

const ID = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Finds rows by path, on the text of the path as it is: nothing is decoded, folded, collapsed or cut off, so what guards
 * a row is what runs (AZ-05). A segment that is no id matches no parameter.
 */
export function matcher(table: readonly Route[], basePath: string): (pathname: string) => Match | null {
  const entries = new Map<string, Entry>()
  for (const route of table) {
    const pattern = fullPath(route, basePath)
    const entry = entries.get(pattern) ?? { segments: pattern.split('/'), routes: new Map() }
    entries.set(pattern, entry)
    if (entry.routes.has(route.method)) throw new Error(`two rows of the table are ${route.method} ${pattern}`)
    entry.routes.set(route.method, route)
  }
  const withParams = [...entries.values()].filter(({ segments }) => segments.some(nameOf))

  return (pathname) => {
    const exact = entries.get(pathname)
    if (exact && !withParams.includes(exact)) return { routes: exact.routes, params: {} }
    const segments = pathname.split('/')
    for (const entry of withParams) {
      const params = paramsOf(entry.segments, segments)
      if (params) return { routes: entry.routes, params }
    }
    return null
  }
}

export function fullPath(route: Pick<Route, 'path' | 'root'>, basePath: string): string {
  return route.root ? route.path : basePath + route.path
}

function paramsOf(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [i, wanted] of pattern.entries()) {
    const given = segments[i] as string
    const name = nameOf(wanted)
    if (name === null ? wanted !== given : !ID.test(given)) return null
    if (name !== null) params[name] = given
  }
  return params
}

function nameOf(segment: string): string | null {
  return segment.startsWith('{') ? segment.slice(1, -1) : null
}
