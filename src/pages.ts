export { type PageHandler, type PagesOptions, pages } from './pages/pages.ts'
