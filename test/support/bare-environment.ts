/**
 * What a process of the tests is begun with, and nothing else of this one's environment: where programs are, and what was compiled of the
 * sources before, as that is most of what a short process does.
 */
export function bareEnvironment(): Readonly<Record<string, string>> {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env
  return { PATH, ...(NODE_COMPILE_CACHE !== undefined && { NODE_COMPILE_CACHE }) }
}
