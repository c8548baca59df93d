import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The root of the repository, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** Path from the root → text, of the given files and of everything in the given folders. What is absent is left out. */
export function readTree(places: readonly string[], root = ROOT): ReadonlyMap<string, string> {
  const files = new Map<string, string>()
  for (const place of places) {
    for (const path of within(root, place)) files.set(path, readFileSync(`${root}/${path}`, 'utf8'))
  }
  return files
}

function within(root: string, place: string): readonly string[] {
  const full = `${root}/${place}`
  if (!existsSync(full)) return []
  if (!statSync(full).isDirectory()) return [place]
  return readdirSync(full)
    .sort()
    .flatMap((name) => within(root, `${place}/${name}`))
}
