/** Another one at every run; `SEED=…` repeats a run. */
export const SEED = Number(process.env.SEED ?? crypto.getRandomValues(new Uint32Array(1))[0]) % 2 ** 31
