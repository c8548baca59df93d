export { headersOf } from './adapters/node.ts'
