// biome-ignore-all format: one fault a line

import { faults } from './mutant.ts'

export const HTTP = [
  ...faults('src/http/respond.ts', 'test/http/pipeline.test.ts', [
    ['ER-07', "'Cache-Control': 'no-store',", '', 'ER-07: a good answer'],
    ['CS-09', "frame-ancestors 'none'", "frame-ancestors 'self'", 'CS-09: every kind of answer'],
  ]),
  ...faults('src/http/body.ts', 'test/http/pipeline.test.ts', [
    ['CS-05', '/^application\\/json(?:', '/^(?:application\\/json|text\\/plain)(?:', 'CS-05: JSON sent as'],
  ]),
]
