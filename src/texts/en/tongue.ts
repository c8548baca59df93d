import type { Tongue } from '../../texts.ts'

export const tongue: Tongue = { lang: 'en', locale: 'en-GB', dir: 'ltr', name: 'English' }
