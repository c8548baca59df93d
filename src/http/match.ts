import type { Method, Route } from './route.ts'

/** The rows of one path, and the ids in it. */
export type Match = {
  readonly routes: ReadonlyMap<string, Route>
  readonly params: Readonly<Record<string, string>>
}

const ID = /^[A-Za-z0-9_-]{1,64}$/

/**
 * Finds rows by path, on the text of the path as it is: nothing is decoded, folded, collapsed or cut off, so what guards
 * a row is what runs (AZ-05). A segment that is no id matches no parameter.
 */
export function matcher(table: readonly Route[], basePath: string): (pathname: string) => Match | null {
  const exact = new Map<string, Map<Method, Route>>()
  const patterns = new Map<string, Map<Method, Route>>()
  for (const { route, path } of table.flatMap((route) => placed(route, basePath))) {
    const kind = path.includes('{') ? patterns : exact
    const routes = kind.get(path) ?? new Map()
    if (routes.has(route.method)) throw new Error(`two rows of the table are ${route.method} ${path}`)
    kind.set(path, routes.set(route.method, route))
  }
  const withParams = [...patterns].map(([path, routes]) => ({ wanted: path.split('/'), routes }))

  return (pathname) => {
    const routes = exact.get(pathname)
    if (routes) return { routes, params: {} }
    const given = pathname.split('/')
    for (const { wanted, routes } of withParams) {
      const params = paramsOf(wanted, given)
      if (params) return { routes, params }
    }
    return null
  }
}

export function fullPath(route: Pick<Route, 'path' | 'root'>, basePath: string): string {
  return route.root ? route.path : basePath + route.path
}

function placed(route: Route, basePath: string): readonly { readonly route: Route; readonly path: string }[] {
  const path = fullPath(route, basePath)
  return route.root === 'too'
    ? [
        { route, path },
        { route, path: basePath + route.path },
      ]
    : [{ route, path }]
}

function paramsOf(wanted: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (wanted.length !== given.length) return null
  const params: Record<string, string> = {}
  for (const [i, segment] of given.entries()) {
    const pattern = wanted[i] as string
    const name = nameOf(pattern)
    if (name === null ? pattern !== segment : !ID.test(segment)) return null
    if (name !== null) params[name] = segment
  }
  return params
}

function nameOf(segment: string): string | null {
  return segment.startsWith('{') ? segment.slice(1, -1) : null
}
