import { role } from 'sallyport/verify'
import { serve } from './serving.ts'

/** For auditors, as long as they are. */
serve({
  'GET /reports': { guards: [role('auditor', 'admin')], answer: () => ({ revenue: 1_240_500, year: 2026 }) },
})
