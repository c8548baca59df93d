/** What people write in place of a letter. */
export const STAND_INS: Readonly<Record<string, string>> = {
  a: '@4',
  b: '8',
  e: '3',
  g: '9',
  i: '1!',
  l: '1',
  o: '0',
  s: '$5',
  t: '7',
}

/** The readings of a text with its stand-ins taken back: a 1 is read as an i, then as an l. */
export function plainReadings(text: string): readonly string[] {
  return ['i', 'l'].map((one) =>
    [...text].map((character) => (character === '1' ? one : letterFor(character))).join(''),
  )
}

function letterFor(character: string): string {
  return Object.keys(STAND_INS).find((letter) => STAND_INS[letter]?.includes(character)) ?? character
}
