import { type Route, serve } from './serving.ts'

/** Everybody has orders of their own. */
const orders = new Map<string, string[]>()

const routes: Record<string, Route> = {
  'GET /orders': { answer: ({ userId }) => ({ orders: orders.get(userId) ?? [] }) },
  'POST /orders': {
    answer({ userId }, body) {
      const mine = [...(orders.get(userId) ?? []), body.slice(0, 100)].slice(-20)
      orders.set(userId, mine)
      return { orders: mine }
    },
  },
}

serve(routes)
