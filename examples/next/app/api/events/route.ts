import { at } from '../../../lib/auth.ts'

export const GET = at.protect('/api/events')((request) =>
  at.stream(request, (emit) => {
    const timer = setInterval(() => emit('time', { now: Date.now() }), 1000)
    emit('hello', {})
    return () => clearInterval(timer)
  }),
)
