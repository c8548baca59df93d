import { spawnSync } from 'node:child_process'
import { mkdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ROOT } from '../read-tree.ts'

/** Entries that load a package which is installed by those who need it, and what Node says where that is missing. */
const PEERS: Readonly<Record<string, string>> = { 'sallyport/postgres': 'pg', 'sallyport/redis': '@redis/client' }

/** Runs a module in a process of its own. */
export function ran(folder: string, source: string, env: Readonly<Record<string, string>> = {}) {
  const { PATH = '' } = process.env
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '-e', source]
  return spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', env: { PATH, ...env } })
}

/** Each entry by itself in a fresh process; without its peer one line of what is said names it. */
export function loading(folder: string, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    const { status, stderr } = ran(folder, `await import('${name}')`)
    const peer = PEERS[name]
    if (peer === undefined) return status === 0 && stderr === '' ? [] : [`import '${name}' failed: ${stderr.trim()}`]
    const named = new RegExp(`^Error \\[ERR_MODULE_NOT_FOUND\\]: Cannot find package '${peer}' `, 'm')
    return status !== 0 && named.test(stderr)
      ? []
      : [`import '${name}' does not say that ${peer} is missing: ${stderr.trim()}`]
  })
}

/** Those that take a peer, where it is installed. */
export function loadingWithPeers(folder: string): readonly string[] {
  for (const peer of Object.values(PEERS)) link(folder, peer)
  return Object.keys(PEERS).flatMap((name) => {
    const { status, stderr } = ran(folder, `await import('${name}')`)
    return status === 0 ? [] : [`import '${name}' failed with its peer: ${stderr.trim()}`]
  })
}

/** A package of this repository, installed there. */
export function link(folder: string, name: string): void {
  const at = join(folder, 'node_modules', name)
  mkdirSync(dirname(at), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules', name), at)
}
