import { registerHooks } from 'node:module'

/** Loaded before a node begins: its passwords are then hashed by `quick-argon2.ts`. */
const STAND_IN = new URL('../support/quick-argon2.ts', import.meta.url).href

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.endsWith('/argon2-threads.ts') ? { url: STAND_IN, shortCircuit: true } : next(specifier, context),
})
