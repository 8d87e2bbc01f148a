/** How long this device stays open in the background: the person's choice, kept here, within what the deployment allows. */
import { signal } from "@preact/signals"

const storedUnder = "lien.lock-seconds"
const usual = 30

/** From at once to five minutes. */
export const lockDelays = [0, 30, 60, 120, 300] as const
export type LockDelay = (typeof lockDelays)[number]

const chosen = signal<LockDelay>(usual)

const isLockDelay = (value: number): value is LockDelay => lockDelays.some((delay) => delay === value)

export function restoreLockDelay(): void {
  const stored = localStorage.getItem(storedUnder)
  const seconds = stored === null ? usual : Number(stored)
  chosen.value = isLockDelay(seconds) ? seconds : usual
}

export function chooseLockDelay(delay: LockDelay): void {
  chosen.value = delay
  localStorage.setItem(storedUnder, String(delay))
}

/** What may be chosen where the deployment allows this many seconds. */
export const delaysWithin = (longestSeconds: number): readonly LockDelay[] => lockDelays.filter((delay) => delay <= longestSeconds)

/** What holds now: what was chosen, or the longest that is still allowed. */
export const delayWithin = (longestSeconds: number): LockDelay => {
  const wished = chosen.value
  return wished <= longestSeconds ? wished : (delaysWithin(longestSeconds).at(-1) ?? 0)
}
