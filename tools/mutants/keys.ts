// biome-ignore-all format: one fault a line

import { faults, type Mutant } from './mutant.ts'

/** The keys that sign: made once, published first, sealed, removed for good, and shown with nothing private. */
export const KEYS: readonly Mutant[] = [
  ...faults('src/flows/key-tending.ts', 'test/flows/keys.test.ts', [
    ['KM-01', '...turnOf(records, now, schedule)', 'createdAt: now, signsFrom: now', 'KM-01: follow one another'],
    ['KM-01', 'if (imported.size > 0) return null', '', 'takes one shared HS256 secret'],
    ['P3', 'if (shut.some(({ kid }) => kid === signing?.kid)) throw fault', '', 'fails closed when the master secret'],
  ]),
  ...faults('src/flows/key-tending.ts', 'test/flows/key-rotation.test.ts', [
    ['KM-01', 'records.findLast(', '(await keys.list()).findLast(', 'KM-01: of eight nodes at one instant'],
    ['KM-01', 'for (const { kid } of seen.standing(clock.now()).over) await keys.forget(kid)', '', 'KM-01: nobody is refused on the way'],
  ]),
  ...faults('src/flows/key-tending.ts', 'test/flows/key-secrets.test.ts', [
    ['KM-08', 'if (anew !== null && record.sealed !== null) await keys.reseal', 'if (false) await keys.reseal', 'KM-08: the master secret goes in three roll-outs'],
  ]),
  ...faults('src/flows/sealed-keys.ts', 'test/flows/keys.test.ts', [
    ['KM-08', 'seal(sealer, exportKey(key), purposeOf(key.kid))', 'exportKey(key)', 'KM-08: nothing private is in the store'],
  ]),
  ...faults('src/flows/sealed-keys.ts', 'test/flows/key-secrets.test.ts', [
    ['P3', 'onFault(fault)\n        return null', 'throw fault', 'spoils no other'],
  ]),
  ...faults('src/flows/keys.ts', 'test/flows/keys.test.ts', [
    ['KM-02', 'seen.wasRemoved(kid) ? null :', 'false ? null :', 'KM-02: an imported key that was removed'],
  ]),
  ...faults('src/flows/keys.ts', 'test/flows/key-secrets.test.ts', [
    ['KM-02', '!seen.loaded() ||', '', 'KM-02: before it is known which keys were removed'],
    ['KM-02', "making ??= tending.ensure('system', {})", 'making ??= Promise.resolve()', 'KM-02: a node that has heard of the removal alone'],
    ['KM-03', "throw new StoreUnavailable('a key that verifies cannot be opened')", 'return null', 'P3: is told of in the log'],
  ]),
  ...faults('src/flows/keys.ts', 'test/flows/key-rotation.test.ts', [
    ['KM-02', "await tending.ensure('system', {}).catch(onFault)", '', 'KM-02: of two keys the removed one is dead'],
  ]),
  ...faults('src/flows/keys.ts', 'test/flows/settling.test.ts', [
    ['KM-02', 'await settle(placeOf(keys.source, where))', '', 'P1 KM-02: keys.remove, by jwt'],
  ]),
  ...faults('src/view/keys.ts', 'test/view/keys.test.ts', [
    ['P3', 'known === null && held !== null && !held.has(kid) &&', 'false &&', 'P3: whoever holds a token of a good key'],
    ['P3', 'return pending()', 'return null', 'P3: a list that is on its way'],
    ['KM-02', 'if (asked === era) return take(list)', 'if (asked <= era) return take(list)', 'KM-02: a list of the database that was'],
  ]),
  ...faults('src/http/keys.ts', 'test/http/keys.test.ts', [
    ['KM-03', "root: 'too',", 'root: true,', 'KM-03: is the same at both addresses'],
    ['KM-03', "tag === etag || tag === '*'", 'false', 'KM-03: is kept for less time'],
    ['KM-03', 'Math.min(LONGEST_KEPT, Math.floor(auth.setting.keysPublishedFor / 4000))', 'LONGEST_KEPT', 'KM-03: is kept shorter where keys'],
  ]),
  ...faults('src/http/admin-keys.ts', 'test/http/keys.test.ts', [
    ['RA-02', "fresh: true,\n    refuses: ['not_found']", "refuses: ['not_found']", 'rotate them, after they proved lately'],
  ]),
]
