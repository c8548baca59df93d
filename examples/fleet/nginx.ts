import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where nginx is: `NGINX_PATH`, or Debian's place, or on the path. @throws when there is none */
export function findNginx(): string {
  const { NGINX_PATH, PATH = '' } = process.env
  const places = ['/usr/sbin', ...PATH.split(delimiter)].map((folder) => join(folder, 'nginx'))
  const found = (NGINX_PATH ? [NGINX_PATH] : places).find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
  if (found === undefined) throw new Error('there is no nginx: apt-get install nginx, or set NGINX_PATH')
  return found
}

/** What nginx is started with. All it writes is in the folder. */
export function nginxArguments(folder: string, ports: Readonly<Record<string, number>>): readonly string[] {
  const path = join(folder, 'nginx.conf')
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `  ${kind}_temp_path ${join(folder, kind)};`)
    .join('\n')
  const shared = readFileSync(join(import.meta.dirname, 'nginx.conf'), 'utf8').replace(
    /:([A-Z]+)\b/g,
    (_, name: string) => `:${ports[name.toLowerCase()]}`,
  )
  writeFileSync(
    path,
    `worker_processes 1;
daemon off;
pid ${join(folder, 'nginx.pid')};
events { worker_connections 512; }
http {
  access_log off;
${temporary}
${shared}}
`,
  )
  return ['-c', path, '-p', folder, '-e', join(folder, 'nginx.log')]
}
