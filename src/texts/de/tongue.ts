import type { Tongue } from '../../texts.ts'

export const tongue: Tongue = { lang: 'de', locale: 'de', dir: 'ltr', name: 'Deutsch' }
