import { fileURLToPath } from 'node:url'
import type { NextConfig } from 'next'

const config: NextConfig = {
  // It has a database and native hashing: for Node to load, not for a bundler.
  serverExternalPackages: ['sallyport'],
  // The package is beside this application, and linked.
  turbopack: { root: fileURLToPath(new URL('../..', import.meta.url)) },
  rewrites: async () => [{ source: '/pay', destination: '/billing' }],
}

export default config
