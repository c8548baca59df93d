import type { Clock } from '../clock.ts'
import type { MacKey } from '../crypto.ts'
import type { FeedRead, Position } from '../feed.ts'
import { ok, type Refused, refused } from '../result.ts'
import type { SourcedFeed } from '../store.ts'
import { LEASE_MS } from '../view/lease.ts'
import { retire } from '../view/settle.ts'
import { within } from '../view/within.ts'
import { MOST_ENTRIES, MOST_WAIT, type Relay } from './relay.ts'
import { type Mark, relayPlaces } from './relay-places.ts'
import { type Poll, relayPolls } from './relay-polls.ts'
import { type Room, relayRows } from './relay-rows.ts'

/** Rows that one service may have in one feed, through one server. */
const MOST_ROWS = 64

/** When it makes sense to ask again for a row, and for a read that waits; seconds. */
const ROWS_RETRY = 60
const POLLS_RETRY = 5

type RelayOptions = {
  readonly feeds: readonly SourcedFeed[]
  readonly clock: Clock
  /** Of places; newest first. */
  readonly keys: readonly MacKey[]
}

const NO_PLACE = badField('place', 'Is not a place of this service: register anew')
const NO_FEED = badField('feed', 'There is no such feed')
const NO_ROOM = refused({
  code: 'throttled',
  retryAfter: ROWS_RETRY,
  detail: `At most ${MOST_ROWS} rows of one service: leave those that nobody reads`,
})
const NO_WAITING = refused({
  code: 'throttled',
  retryAfter: POLLS_RETRY,
  detail: 'Too many reads are waiting: read without it',
})

/** The part of the relay that is about feeds. */
export function relayFeeds({ feeds, clock, keys }: RelayOptions): Omit<Relay, 'used'> {
  const places = relayPlaces(keys, feeds.length)
  const polls = relayPolls(clock, MOST_ROWS * feeds.length)
  const total = feeds.length

  const feedOf = (number: number) => (feeds[number] as SourcedFeed).feed
  const retireOne = (number: number, row: string) => retire(feedOf(number), [row], clock)
  const rows = relayRows(clock, MOST_ROWS, retireOne)
  const isFeed = (number: number | undefined) => number === undefined || feeds[number] !== undefined

  async function registerOne(number: number, from: Position | null, room: Room) {
    const feed = feedOf(number)
    const registering = feed.register(from)
    try {
      const { row, position, epoch } = await within(clock, LEASE_MS, registering)
      room.keep(row)
      return { feed: number, row, position, epoch }
    } catch (fault) {
      room.giveBack()
      // Nobody knows of a row that comes later, so nobody holds a lease on it.
      registering.then(({ row }) => feed.remove([row])).catch(() => {})
      throw fault
    }
  }

  /** All, or none. */
  async function registerAll(service: string, wanted: readonly { feed: number; from: Position | null; room: Room }[]) {
    const tried = await Promise.allSettled(wanted.map(({ feed, from, room }) => registerOne(feed, from, room)))
    const made = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    const failed = tried.find((one) => one.status === 'rejected')
    if (!failed) return made
    await removeAll(service, made).catch(() => {})
    throw failed.reason
  }

  async function removeAll(service: string, marks: readonly Pick<Mark, 'feed' | 'row'>[]): Promise<void> {
    for (const { feed, row } of marks) rows.forget(service, feed, row)
    await Promise.all(marks.map(({ feed, row }) => within(clock, LEASE_MS, feedOf(feed).remove([row]))))
  }

  async function readAll(service: string, marks: readonly Mark[], limit: number) {
    const answers = await Promise.all(
      marks.map(({ feed, row, position }) => within(clock, LEASE_MS, feedOf(feed).read(row, position, limit))),
    )
    return answers.map((answer, i) => {
      const { feed, row, position } = marks[i] as Mark
      keepAccount(service, feed, row, answer)
      const { at, id } = answer.entries.at(-1) ?? position
      return { feed, row, position: { at, id }, answer }
    })
  }

  /** A row that grants nothing any more is as good as gone; its reader registers another. */
  function keepAccount(service: string, number: number, row: string, { standing, lost }: FeedRead): void {
    if (standing === 'good' && !lost) rows.seen(service, number, row)
    else rows.forget(service, number, row)
    if (standing === 'good' && lost) retireOne(number, row)
  }

  /** @param poll null: whatever there is, at once */
  async function readNews(service: string, marks: readonly Mark[], limit: number, poll: Poll | null) {
    for (;;) {
      const last = poll?.over() ?? true
      const found = await readAll(service, marks, limit)
      if (last || found.some(({ answer }) => isNews(answer))) return found
      await (poll as Poll).next()
    }
  }

  return {
    async register(service, { place, feed } = {}) {
      const stood = place === undefined ? null : places.read(service, place)
      if (place !== undefined && stood === null) return NO_PLACE
      if (!isFeed(feed)) return NO_FEED
      const numbers = stood?.map((mark) => mark.feed) ?? (feed === undefined ? [...feeds.keys()] : [feed])
      const rooms = numbers.map((number) => rows.room(service, number))
      if (rooms.some((room) => room === null)) {
        for (const room of rooms) room?.giveBack()
        return NO_ROOM
      }
      const wanted = numbers.map((number, i) => ({
        feed: number,
        from: stood?.[i]?.position ?? null,
        room: rooms[i] as Room,
      }))
      const made = await registerAll(service, wanted)
      const told = made.map(({ feed, epoch, position: { at, id } }) => ({ feed, epoch, position: { at, id } }))
      return ok({ place: places.write(service, made), total, feeds: told })
    },

    async read(service, place, { wait = 0, limit = MOST_ENTRIES, signal } = {}) {
      const marks = places.read(service, place)
      if (marks === null) return NO_PLACE
      const heard = marks.map(({ feed }) => feedOf(feed))
      // Listens before the first read, so that nothing falls between that and the waiting.
      const poll = wait > 0 ? polls.begin(service, heard, Math.min(wait, MOST_WAIT) * 1000, signal ?? null) : null
      if (wait > 0 && poll === null) return NO_WAITING
      try {
        const found = await readNews(service, marks, Math.min(limit, MOST_ENTRIES), poll)
        const told = found.map(({ feed, position, answer }) => ({ feed, position, ...answer }))
        return ok({ place: places.write(service, found), total, lease: poll === null, feeds: told })
      } finally {
        poll?.end()
      }
    },

    async epochs(feed) {
      if (!isFeed(feed)) return NO_FEED
      const numbers = feed === undefined ? [...feeds.keys()] : [feed]
      const epochs = await Promise.all(numbers.map((number) => within(clock, LEASE_MS, feedOf(number).epoch())))
      return ok({ total, feeds: numbers.map((number, i) => ({ feed: number, epoch: epochs[i] as string })) })
    },

    async acknowledge(service, place) {
      const marks = places.read(service, place)
      if (marks === null) return NO_PLACE
      await Promise.all(
        marks.map(({ feed, row, position }) => within(clock, LEASE_MS, feedOf(feed).acknowledge(row, position.at))),
      )
      return ok(null)
    },

    async leave(service, place) {
      const marks = places.read(service, place)
      if (marks === null) return NO_PLACE
      await removeAll(service, marks)
      return ok(null)
    },

    stopWaiting: polls.stop,
  }
}

function isNews({ standing, lost, complete, entries }: FeedRead): boolean {
  return standing !== 'good' || lost || !complete || entries.length > 0
}

function badField(path: string, detail: string): Refused {
  return refused({ code: 'invalid_request', errors: [{ path, code: 'invalid', detail }] })
}
