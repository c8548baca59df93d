import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gatewayContract } from './contract.ts'
import { recipe } from './recipe.ts'

gatewayContract({
  name: 'nginx',
  command(folder, { gateway, auth, app }) {
    const server = recipe('nginx', {
      'listen 80;': `listen 127.0.0.1:${gateway};`,
      '127.0.0.1:3000': `127.0.0.1:${auth}`,
      '127.0.0.1:8080': `127.0.0.1:${app}`,
    })
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (kind) => `${kind}_temp_path ${join(folder, kind)};`,
    )
    const path = join(folder, 'nginx.conf')
    writeFileSync(
      path,
      `worker_processes 1;
master_process off;
daemon off;
pid ${join(folder, 'nginx.pid')};
events { worker_connections 128; }
http {
access_log off;
${temporary.join('\n')}
${server}}
`,
    )
    return ['-c', path, '-p', folder, '-e', 'stderr']
  },
})
