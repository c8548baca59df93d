import { own } from './auth.ts'
import { ledger } from './ledger.ts'

export const books = ledger(own.file('bank.db'))
