import { at } from './lib/auth.ts'

/** Spares the rendering; every page and route guards itself. */
export const proxy = at.proxy()

export const config = { matcher: ['/account'] }
