import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { expect, it } from 'vitest'

/** The verifier is for programs that have little else of this: all it needs, minified, as it travels. Bytes. */
const MOST = 15 * 1024

it('is at most 15 KB, with everything it needs', async () => {
  const input = fileURLToPath(new URL('../../src/verify.ts', import.meta.url))
  const made = await build({
    configFile: false,
    logLevel: 'silent',
    build: { write: false, ssr: true, minify: true, rollupOptions: { input } },
    ssr: { noExternal: true, target: 'node' },
  })
  const outputs = [made].flat().flatMap((one) => ('output' in one ? one.output : []))
  const code = outputs.map((one) => ('code' in one ? one.code : '')).join('')
  const size = gzipSync(code).length
  console.log(`sallyport/verify: ${size} bytes gzipped, ${code.length} minified`)
  expect(size).toBeGreaterThan(1000)
  expect(size).toBeLessThanOrEqual(MOST)
  // Nothing but the platform is left to be loaded.
  expect(
    [...code.matchAll(/from\s*["']([^"']+)["']/g)].map(([, name]) => name).filter((name) => !name?.startsWith('node:')),
  ).toEqual([])
}, 60_000)
