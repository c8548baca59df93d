// biome-ignore-all format: one fault a line

import { faults } from './mutant.ts'

export const OPERATIONS = [
  ...faults('src/credentials/password/breached.ts', 'test/credentials/password/breached.test.ts', [
    ['PW-07', 'const PREFIX = 5', 'const PREFIX = 40', 'PW-07: one that is in the range is refused'],
    ['PW-07', 'if (Number(count) > 0) found', 'found', 'PW-07: one that is not, and one that is only padding'],
  ]),
  ...faults('src/webhooks/post.ts', 'test/webhooks/post.test.ts', [
    ['KM-06', 'addresses.every(({ address }) => isReachable(address, reach))', 'isReachable(first.address, reach)', 'KM-06: a name that leads to a private address'],
    ['KM-06', "throw new Error('the address is not one it may have')", 'void 0', 'KM-06: a name that leads to a private address'],
  ]),
  ...faults('src/flows/traced.ts', 'test/flows/traced.test.ts', [
    ['LG-07', 'return begun ?? verb(...given)', 'return verb(...given)', 'LG-07: a tracer that throws'],
  ]),
  ...faults('src/flows/refresh.ts', 'test/flows/every-event.test.ts', [
    ['LG-01', "{ counter: next.counter, factor: 'refresh_token' }", '{ counter: next.counter }', 'LG-01: every authentication, good or bad'],
  ]),
  ...faults('src/flows/recorder.ts', 'test/flows/every-event.test.ts', [
    ['LG-03', 'session: sid ? sessionReference(key, sid) : null', 'session: sid ?? null', 'LG-03: in no event and no line of the log'],
  ]),
  ...faults('src/server/loggable.ts', 'test/server/log.test.ts', [
    ['LG-03', "'newpassword',", '', 'LG-03: a secret is found in lists'],
    ['LG-03', "SECRETS.has(name.toLowerCase()) ? '[redacted]'", "SECRETS.has(name.toLowerCase()) && above.length < 2 ? '[redacted]'", 'LG-03: what holds a secret by its name'],
    ['LG-03', 'name.toLowerCase()', 'name', 'LG-03: a secret is found in lists'],
    ['LG-03', 'typeof said === \'object\' && said !== null ? objectOf(said, [...above, value]) : plainOf(said)', 'said', 'LG-03: a secret is found in lists'],
    ['LG-07', "if (above.includes(value)) return '[circular]'", '', 'writes the record whatever its fields do'],
    ['LG-07', 'value.slice(0, LONGEST)', 'value', 'no field is endless'],
  ]),
]
