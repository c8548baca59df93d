import { equal, type MacKey, mac } from '../crypto.ts'
import type { Position } from '../feed.ts'

/** Where a service stands in one feed. `feed` is its number in the order of `followedFeeds`. */
export type Mark = { readonly feed: number; readonly row: string; readonly position: Position }

/** Characters of a place at most: forty feeds and more. */
export const MOST_PLACE = 6000

type Written = readonly [feed: number, row: string, at: number, id: string]

/**
 * Where a service stands, as a text that only this installation can make and only that service can use. It is kept nowhere, so
 * any server takes it; and what was not read here is in none, so nobody acknowledges more than that.
 * @param keys newest first: the first makes, all are accepted
 * @param feeds how many there are
 */
export function relayPlaces(keys: readonly MacKey[], feeds: number) {
  const codeOf = (key: MacKey, service: string, written: string) => mac(key, `${service}.${written}`)

  return {
    write(service: string, marks: readonly Mark[]): string {
      const list = marks.map(({ feed, row, position: { at, id } }): Written => [feed, row, at, id])
      const written = Buffer.from(JSON.stringify(list)).toString('base64url')
      return `${written}.${codeOf(keys[0] as MacKey, service, written)}`
    },

    /** Null when it is none, another service's, or of a feed that there is no more. */
    read(service: string, place: string): readonly Mark[] | null {
      if (place.length > MOST_PLACE) return null
      const [written = '', code = ''] = place.split('.', 2)
      if (`${written}.${code}` !== place || !keys.some((key) => equal(codeOf(key, service, written), code))) return null
      const list = JSON.parse(Buffer.from(written, 'base64url').toString()) as readonly Written[]
      const marks = list.map(([feed, row, at, id]): Mark => ({ feed, row, position: { at, id } }))
      return marks.every(({ feed }) => feed < feeds) ? marks : null
    },
  }
}
