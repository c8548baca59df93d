import { at } from '../../../lib/auth.ts'

export const { GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS } = at.handlers
