/** How long to wait before trying again: full jitter, so that a restart is not followed by everyone at once. */
const FIRST_MS = 2_000
const LONGEST_MS = 60_000

/** Between 0 and the bound of this attempt: 2 s for the first, doubling up to 60 s. `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  return Math.floor(random * Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10)))
}
