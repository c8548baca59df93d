import { openStore } from '../server/open.ts'
import { print } from './output.ts'
import { configuration } from './with-auth.ts'

/** `migrate`. */
export async function migrate({ json }: { readonly json?: boolean }): Promise<void> {
  const configured = await configuration()
  const { source } = openStore(configured).users
  await source.open()
  await source.close()
  print(json, { database: source.name, file: configured.file, upToDate: true }, ({ file }) => `${file} is up to date`)
}
