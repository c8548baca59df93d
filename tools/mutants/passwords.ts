// biome-ignore-all format: one fault a line

import { faults } from './mutant.ts'

export const PASSWORDS = [
  ...faults('src/credentials/password/rules.ts', 'test/credentials/password/rules.test.ts', [
    ['PW-01', '[...text.value].length < minLength', 'text.value.length < minLength', 'PW-01: code points count'],
    ['PW-01', '[...text.value].length < minLength', '[...text.value].length <= minLength', 'PW-01: fifteen code points at least'],
    ['PW-01', 'floor: 8', 'floor: 7', 'PW-01: never configured below eight'],
    ['PW-06', 'if (isCommon(text.value))', 'if (false)', 'PW-06: every entry is refused'],
    ['PW-08', 'if (isGuessable(', 'if (false && isGuessable(', 'PW-08: address, name and service are refused'],
  ]),
  ...faults('src/credentials/password/text.ts', 'test/credentials/password/text.test.ts', [
    ['PW-02', '.length > MAX_BYTES ? refused', '.length > 2 * MAX_BYTES ? refused', 'PW-02: 1024 bytes are accepted'],
    ['PW-03', "password.normalize('NFC')", "password.normalize('NFC').trim()", 'PW-03: nothing is trimmed'],
    ['PW-04', "password.normalize('NFC')", "password.normalize('NFKC')", 'PW-04: NFC and NFD'],
    ['PW-04', 'if (!password.isWellFormed())', 'if (false)', 'PW-04: a lone surrogate'],
  ]),
  ...faults('src/credentials/password/argon2id.ts', 'test/credentials/password/hash.test.ts', [
    ['PW-11', "salt: Buffer.from(randomText(SALT_BYTES), 'base64url'),", "salt: Buffer.from('AAAAAAAAAAAAAAAAAAAAAA', 'base64url'),", 'PW-11: two users with the same password'],
    ['PW-11', 'if (!whole || !meets)', 'if (!whole)', 'PW-11: nothing below the floor'],
    ['PW-13', '...(pepper && { secret: pepper }),', '', 'PW-13: without the pepper'],
  ]),
  ...faults('src/credentials/password/pool.ts', 'test/credentials/password/pool.test.ts', [
    ['TH-10', 'if (running < concurrency) running += 1', 'if (running < concurrency + 1) running += 1', 'TH-10: so many run'],
    ['TH-10', 'Math.min(concurrency, CORES)', 'concurrency', 'TH-10: however many are handed over'],
    ['TH-10', 'else if (waiting.size < queue)', 'else if (true)', 'TH-10: so many run'],
    ['TH-10', '} finally {\n        leave()', '} finally {\n        void leave', 'TH-10: a job that throws gives its place back'],
  ]),
  ...faults('src/credentials/password/argon2-threads.ts', 'test/credentials/password/threads.test.ts', [
    ['TH-10', 'threads.length >= CORES', 'false', 'TH-10: is one after the other at first'],
    ['TH-10', 'least.asked.size === 0 || ', '', 'TH-10: is one after the other at first'],
    ['PW-11', '({ verb: \'verify\', record, password, secret })', '({ verb: \'verify\', record, password, secret: null })', 'PW-11: makes and knows'],
    ['P3', 'elsewhere(call).then(resolve, reject)', 'reject(new Error(call.verb))', 'answers what a thread was asked that has ended'],
    ['TH-10', 'absent ||= !isReady', '', 'is done by libuv’s threads, once and for all, where its file'],
    ['TH-10', 'if (thread.asked.size === 0) worker.unref()', '', 'keeps no process from ending'],
    ['TH-10', '  thread.worker.ref()\n  return', '  return', 'keeps no process from ending'],
  ]),
  ...faults('src/credentials/password/argon2-worker.ts', 'test/credentials/password/threads.test.ts', [
    ['TH-10', 'setPriority(NICE)', '{}', 'TH-10: gives way to requests'],
    ['TH-10', 'asked.push(...arrived(port))', '', 'TH-10: is told of several at once'],
  ]),
  ...faults('src/credentials/password/telling.ts', 'test/credentials/password/telling.test.ts', [
    ['TH-10', 'waiting > kept.length && isSoon', 'waiting > 0 && isSoon', 'TH-10: tells of as many at once'],
    ['TH-10', 'waiting > kept.length && isSoon', 'waiting > kept.length', 'TH-10: keeps an answer for 50 ms'],
    ['TH-10', 'now - since + (now - began) <= KEPT_MS', 'now - since <= KEPT_MS', 'TH-10: keeps no answer while'],
    ['P3', '    kept = []\n', '', 'tells of each once'],
  ]),
  ...faults('src/credentials/password/shared-threads.ts', 'test/credentials/password/shared-threads.test.ts', [
    ['TH-10', 'if (running < MOST) running += 1', 'if (running < MOST + 1) running += 1', 'TH-10: three of libuv'],
    ['TH-10', 'if (next) next()', 'if (next) void next', 'TH-10: three of libuv'],
  ]),
  ...faults('src/credentials/password.ts', 'test/credentials/password.test.ts', [
    ['PW-12', 'if (!checked.good || !needsUpgrade(', 'if (!needsUpgrade(', 'PW-12: a failed sign-in'],
    ['TH-01', 'credential && credential.disabledAt !== null', 'false', 'TH-08: unknown, wrong, disabled'],
    ['TH-08', 'credentials.find(userId ?? NOBODY, KIND, ONLY)', '(userId === null ? null : credentials.find(userId, KIND, ONLY))', 'TH-08: unknown, wrong, disabled'],
  ]),
  ...faults('src/credentials/password/foreign.ts', 'test/credentials/password/foreign.test.ts', [
    ['PW-12', 'byte ^ (key[at] as number)', 'byte', 'PW-12: Firebase: knows its password'],
    ['TH-10', 'isArgon2 ? isBearable(record)', 'isArgon2 ? true', 'TH-10: is refused where one check'],
  ]),
  ...faults('src/credentials/password/bcrypt.ts', 'test/credentials/password.test.ts', [
    ['PW-12', 'isCurrent: () => false', 'isCurrent: () => true', 'PW-12: a bcrypt record of an 80-byte password'],
  ]),
  ...faults('src/flows/import-users.ts', 'test/flows/import-users.test.ts', [
    ['P7', 'const first = Math.max(1, Math.floor(now / 1000))', 'const first = 1', 'P7: an account that gets the id of one'],
  ]),
  ...faults('src/credentials/password/hash.ts', 'test/credentials/password/hash.test.ts', [
    ['TH-08', "await decoy.algorithm.verify(decoy.hash, password, hashing.peppers[0]?.key ?? null)\n", '\n', 'TH-08: no record at all costs the same'],
  ]),
  ...faults('src/flows/sign-in.ts', 'test/cli/without.test.ts', [
    ['TH-01', 'isFault ? attempt.failures : await', 'await', 'PW-12: a hash of bcrypt that is there'],
  ]),
  ...faults('src/flows/import-users.ts', 'test/cli/without.test.ts', [
    ['PW-12', 'await verifiable(ready)', '', 'an import stops before'],
  ]),
  ...faults('src/create-auth.ts', 'test/cli/without.test.ts', [
    ['PW-12', 'core.passwords.ready()', '', 'a library with smtp() or imported'],
  ]),
]
