import { join, resolve } from 'node:path'
import { ConfigurationError } from '../index.ts'

/**
 * The file behind `DATABASE_URL`: `sqlite:` and a path, or the path alone. Without one, `sallyport.db` in the data folder.
 * @throws ConfigurationError for databases this release does not have
 */
export function databaseFile(url: string | undefined, data: string, folder: string): string {
  if (url === undefined) return join(data, 'sallyport.db')
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]+):(.*)$/is.exec(url) ?? [null, null, url]
  if (scheme === null) return resolve(folder, url)
  if (/^postgres(?:ql)?$/i.test(scheme)) {
    throw new ConfigurationError(
      'DATABASE_URL names a PostgreSQL database, which is not supported yet: write sqlite: and the path of a file',
    )
  }
  if (scheme?.toLowerCase() !== 'sqlite') {
    throw new ConfigurationError(
      `DATABASE_URL begins with '${scheme}:', which is not supported: write sqlite: and the path of a file`,
    )
  }
  const path = rest.replace(/^\/\/(?=.)/, '')
  if (path === '' || path === ':memory:') {
    throw new ConfigurationError('DATABASE_URL names no file: write one, as in sqlite:/var/lib/auth/sallyport.db')
  }
  return resolve(folder, path)
}
