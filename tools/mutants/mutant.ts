/** A planted fault: one place in one file, changed for the worse, and the test that has to notice. */
export type Mutant = {
  /** The promise or the rows it breaks. */
  readonly breaks: string
  readonly file: string
  /** Stands in the file exactly once. */
  readonly find: string
  readonly replace: string
  /** The test file, and a part of the name of the test that must go red. */
  readonly red: readonly [file: string, name: string]
}

/** Faults of one file, each proven by one test of one test file. */
export function faults(
  file: string,
  test: string,
  list: readonly (readonly [breaks: string, find: string, replace: string, name: string])[],
): readonly Mutant[] {
  return list.map(([breaks, find, replace, name]) => ({ breaks, file, find, replace, red: [test, name] }))
}
