import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../read-tree.ts'

/** An application in a folder below `examples/`, with packages of its own. */
export type Example = {
  readonly name: string
  readonly folder: string
  /** One line. */
  readonly about: string
  /** What starts it: a program of its packages, or `node`, and arguments. */
  readonly command: readonly string[]
}

const FOLDER = join(ROOT, 'examples')

/** All there are, by name. */
export function examples(): readonly Example[] {
  return readdirSync(FOLDER)
    .filter((name) => existsSync(join(FOLDER, name, 'package.json')))
    .sort()
    .map((name) => {
      const folder = join(FOLDER, name)
      const { description, scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      // What has to be built first is started as for development.
      const script: string = scripts.dev ?? scripts.start
      return { name, folder, about: description, command: script.split(' ') }
    })
}
