import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gatewayContract } from './contract.ts'
import { recipe } from './recipe.ts'

gatewayContract({
  name: 'caddy',
  command(folder, { gateway, auth, app }) {
    const site = recipe('caddyfile', {
      'app.example': `http://:${gateway}`,
      '127.0.0.1:3000': `127.0.0.1:${auth}`,
      '127.0.0.1:8080': `127.0.0.1:${app}`,
    })
    const path = join(folder, 'Caddyfile')
    writeFileSync(path, `{\n\tadmin off\n\tdefault_bind 127.0.0.1\n}\n${site}`)
    return ['run', '--adapter', 'caddyfile', '--config', path]
  },
})
