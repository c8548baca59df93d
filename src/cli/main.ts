#!/usr/bin/env node
/*
 * Whatever Node runs this can read this file; everything newer is loaded behind the check.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 18)) {
  // SQLite is announced as experimental at every start; other warnings stay.
  process.removeAllListeners('warning')
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') console.error(`${warning.name}: ${warning.message}`)
  })
  const { main } = await import('./program.ts')
  await main(process.argv)
} else {
  console.error(
    `sallyport needs Node 22.18 or newer, this is ${process.versions.node}: install a newer one from https://nodejs.org`,
  )
  process.exitCode = 1
}
