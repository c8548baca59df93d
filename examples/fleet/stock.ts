import { fresh, role } from 'sallyport/verify'
import { serve } from './serving.ts'

let pieces = 120

/** Everybody may look; who changes it has proved who they are within the last ten minutes. */
serve({
  'GET /stock': { answer: () => ({ pieces }) },
  'POST /stock': {
    guards: [role('admin'), fresh('10m')],
    answer(_, body) {
      pieces = Math.max(0, Math.trunc(Number(body)) || 0)
      return { pieces }
    },
  },
})
