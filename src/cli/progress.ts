import { systemClock } from '../index.ts'

/** Long work, told on the error stream: a bar on a terminal, a line now and then elsewhere. */
export type Progress = {
  /** `done` of `all`, in whatever is counted to know how far it is; null when nobody knows how much there is. */
  at(done: number, all: number | null, things: number): void
  /** Clears the bar. */
  end(): void
}

const WIDTH = 30
const [BAR_MS, LINE_MS] = [100, 5000]

/** @param noun what `things` are, as `users` */
export function progress(noun: string, stream: NodeJS.WriteStream = process.stderr): Progress {
  const began = systemClock.monotonic()
  let [last, first] = [Number.NEGATIVE_INFINITY, -1]
  let startedAt = 0
  return {
    at(done, all, things) {
      const now = systemClock.monotonic()
      if (first < 0) [first, startedAt] = [things, done]
      if (now - last < (stream.isTTY ? BAR_MS : LINE_MS)) return
      const isFirst = last === Number.NEGATIVE_INFINITY
      last = now
      if (isFirst && !stream.isTTY) return
      const seconds = (now - began) / 1000
      const rate = seconds > 0 ? (things - first) / seconds : 0
      const share = all === null || all === 0 ? null : Math.min(1, done / all)
      const pace = seconds > 0 ? (done - startedAt) / seconds : 0
      const left = share === null || pace <= 0 ? null : ((all ?? 0) - done) / pace
      stream.write(
        stream.isTTY
          ? `\r\u001b[2K${bar({ share, rate, left, things, noun })}`
          : `${line({ share, rate, left, things, noun })}\n`,
      )
    },
    end() {
      if (stream.isTTY && last !== Number.NEGATIVE_INFINITY) stream.write('\r\u001b[2K')
    },
  }
}

type State = {
  readonly share: number | null
  readonly rate: number
  readonly left: number | null
  readonly things: number
  readonly noun: string
}

function line({ share, rate, left, things, noun }: State): string {
  return [
    ...(share === null ? [] : [`${Math.floor(share * 100)} %`]),
    `${number(things)} ${noun}`,
    `${number(rate)} a second`,
    ...(left === null ? [] : [`${lasting(left)} to go`]),
  ].join(', ')
}

function bar(state: State): string {
  const full = Math.round((state.share ?? 0) * WIDTH)
  return state.share === null ? line(state) : `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)} ${line(state)}`
}

/** `12,345`. */
export function number(value: number): string {
  return Math.round(value).toLocaleString('en')
}

/** `3 min 20 s`. */
export function lasting(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}
