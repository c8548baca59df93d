const { stderr } = process

/** Says what is under way, on stderr, where it does not get into what machines read. */
export function say(text: string): void {
  stderr.write(`${text}\n`)
}

/** A line that grows. Only drawn where a person looks. */
export function progress(label: string, of: number): (done: number) => void {
  let drawn = -1
  return (done) => {
    const percent = Math.floor((done / of) * 100)
    if (percent === drawn || !stderr.isTTY) return
    drawn = percent
    const filled = Math.round(percent / 4)
    stderr.write(
      `\r${label} [${'#'.repeat(filled)}${'.'.repeat(25 - filled)}] ${percent} %${percent === 100 ? '\n' : ''}`,
    )
  }
}
