import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ROOT } from '../read-tree.ts'

/** The part of the configuration that is the same wherever nodes stand behind nginx. */
const SHARED = join(ROOT, 'compose/nginx.conf')

/** `NGINX_PATH`, or Debian's, or the first on the path; null when there is none. */
export function findNginx(): string | null {
  const { NGINX_PATH, PATH = '' } = process.env
  const places = ['/usr/sbin', ...PATH.split(delimiter)].map((folder) => join(folder, 'nginx'))
  return (NGINX_PATH ? [NGINX_PATH] : places).find(isProgram) ?? null
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/**
 * What nginx is started with, to listen on the loopback and pass on to the ports of the nodes. All it writes is in the folder.
 * @throws when the shared configuration does not have the places that differ.
 */
export function nginxArguments(folder: string, port: number, nodes: readonly number[]): readonly string[] {
  const path = join(folder, 'nginx.conf')
  writeFileSync(path, configuration(folder, port, nodes))
  return ['-c', path, '-p', folder, '-e', join(folder, 'nginx.log')]
}

function configuration(folder: string, port: number, nodes: readonly number[]): string {
  let shared = placed(readFileSync(SHARED, 'utf8'), 'listen 80;', `listen 127.0.0.1:${port};`)
  for (const [i, node] of nodes.entries())
    shared = placed(shared, `server node-${i + 1}:3000;`, `server 127.0.0.1:${node};`)
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${join(folder, kind)};`)
    .join('\n')
  return `worker_processes 1;
daemon off;
pid ${join(folder, 'nginx.pid')};
events { worker_connections 512; }
http {
  access_log off;
${temporary}
${shared}}
`
}

function placed(text: string, place: string, instead: string): string {
  if (!text.includes(place)) throw new Error(`${SHARED} has no '${place}'`)
  return text.replace(place, instead)
}
