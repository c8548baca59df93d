/*
 * Passwords that need no list to be common: a character or a short piece over and over, counting, and fingers moving
 * over a keyboard. Judged on the whole text; a long one that merely holds such a piece is none of them (PW-06).
 */

/** Ways over the keyboard (English, German, French, Russian), straight, down the columns and in zigzag. Walked in both directions. */
const TRACKS = `
1234567890 0246813579 qwertyuiop[] asdfghjkl;' zxcvbnm,./ qwertzuiop yxcvbnm azertyuiop qsdfghjklm wxcvbn !@#$%^&*()_+ !"§$%&/()=
йцукенгшщзхъ фывапролджэ ячсмитьбю qwertasdfgzxcvb qweasdzxc qwerasdfzxcv qwaszx
1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm 8ik, 9ol. 0okm !qaz @wsx #edc $rfv %tgb ^yhn &ujm qazwsxedcrfvtgbyhnujm
1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 a1s2d3f4g5h6j7k8l9 z1x2c3v4b5n6m7 1a2b3c4d5e6f7g8h9i0j a1b2c3d4e5f6g7h8i9j0
qawsedrftgyhujikolp azsxdcfvgbhnjmk zaqxswcdevfrbgtnhymju 1qa2ws3ed4rf5tg6yh7uj8ik9ol0p 1qw23er45ty67ui89op
!1@2#3$4%5^6&7*8(9)0 1!2@3#4$5%6^7&8*9(0) 147258369 159357 123698745 741852963
`
  .trim()
  .split(/\s+/)
  .flatMap((track) => [[...track], [...track].reverse()])

/** A walk shorter than this is chance. */
const SHORTEST_WALK = 3
/** The longest piece whose repetition is a pattern by itself; longer ones are looked up. */
const LONGEST_PIECE = 7

/** Whether the text, in lower case, is nothing but walks and counts, give or take one character in eight. */
export function isWalk(text: string): boolean {
  const characters = [...text]
  const strays = new Array<number>(characters.length + 1).fill(0)
  for (let at = characters.length - 1; at >= 0; at -= 1) {
    let fewest = 1 + (strays[at + 1] as number)
    const longest = walkFrom(characters, at)
    for (let length = SHORTEST_WALK; length <= longest; length += 1) {
      fewest = Math.min(fewest, strays[at + length] as number)
    }
    strays[at] = fewest
  }
  return characters.length >= SHORTEST_WALK && (strays[0] as number) <= Math.floor(characters.length / 8)
}

/** The piece that makes the text when it is repeated, the last time perhaps in part; null when there is none. */
export function repeatedPiece(text: string): string | null {
  const characters = [...text]
  for (let period = 1; period <= characters.length / 2; period += 1) {
    if (characters.every((character, at) => at < period || character === characters[at - period])) {
      return characters.slice(0, period).join('')
    }
  }
  return null
}

/** Whether repeating the piece adds nothing anyone would have to guess. */
export function isShortPiece(piece: string): boolean {
  return [...piece].length <= LONGEST_PIECE
}

/** How many characters from here on stand still, count up or down, or follow a track. */
function walkFrom(characters: readonly string[], at: number): number {
  const steps = [0, 1, -1].map((step) =>
    follow(characters, at, (n) => codeAt(characters, at + n) === codeAt(characters, at) + step * n),
  )
  const tracks = TRACKS.map((track) => {
    const start = track.indexOf(characters[at] as string)
    return start < 0 ? 0 : follow(characters, at, (n) => track[start + n] === characters[at + n])
  })
  return Math.max(...steps, ...tracks)
}

function follow(characters: readonly string[], at: number, holds: (n: number) => boolean): number {
  let length = 0
  while (at + length < characters.length && holds(length)) length += 1
  return length
}

function codeAt(characters: readonly string[], at: number): number {
  return (characters[at] as string).codePointAt(0) as number
}
