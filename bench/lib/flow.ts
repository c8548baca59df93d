/** How many a second, with so many under way at once for so many milliseconds. */
export async function flow(one: () => Promise<unknown>, atOnce: number, ms: number): Promise<number> {
  const begun = performance.now()
  let done = 0
  const run = async () => {
    while (performance.now() - begun < ms) {
      await one()
      done += 1
    }
  }
  await Promise.all(Array.from({ length: atOnce }, run))
  return done / ((performance.now() - begun) / 1000)
}
