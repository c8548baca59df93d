import { ADAPTERS } from './mutants/adapters.ts'
import { ADMINISTRATION } from './mutants/administration.ts'
import { FLOWS } from './mutants/flows.ts'
import { HTTP } from './mutants/http.ts'
import { KEYS } from './mutants/keys.ts'
import { MAIL } from './mutants/mail.ts'
import type { Mutant } from './mutants/mutant.ts'
import { NOUNS } from './mutants/nouns.ts'
import { OPERATIONS } from './mutants/operations.ts'
import { PAGES } from './mutants/pages.ts'
import { PASSWORDS } from './mutants/passwords.ts'
import { SERVICES } from './mutants/services.ts'
import { STORES } from './mutants/stores.ts'
import { STRATEGIES } from './mutants/strategies.ts'
import { TOKENS } from './mutants/tokens.ts'
import { VERIFY } from './mutants/verify.ts'
import { VIEW } from './mutants/view.ts'
import { WIRE } from './mutants/wire.ts'

/** Every planted fault: at least one for each group of rows and each of the promises P1 to P9 that is built. */
export const MUTANTS: readonly Mutant[] = [
  ...NOUNS,
  ...WIRE,
  ...PASSWORDS,
  ...VIEW,
  ...STORES,
  ...FLOWS,
  ...STRATEGIES,
  ...KEYS,
  ...TOKENS,
  ...HTTP,
  ...MAIL,
  ...PAGES,
  ...OPERATIONS,
  ...ADMINISTRATION,
  ...SERVICES,
  ...VERIFY,
  ...ADAPTERS,
]
