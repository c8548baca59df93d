import type { Command } from 'commander'
import { openStore } from '../server/open.ts'
import { print } from './output.ts'
import { configuration } from './with-auth.ts'

/** `sallyport migrate`. */
export function migrate(program: Command): void {
  program
    .command('migrate')
    .description('bring the database up to date; the server does it at its start too')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  DATABASE_URL=sqlite:/var/lib/auth/sallyport.db sallyport migrate')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const configured = await configuration()
      const { source } = openStore(configured).users
      await source.open()
      await source.close()
      print(
        json,
        { database: source.name, file: configured.file, upToDate: true },
        ({ file }) => `${file} is up to date`,
      )
    })
}
