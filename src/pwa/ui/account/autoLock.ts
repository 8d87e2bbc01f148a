/** Locks when the page was hidden for too long. A hidden page's timers sleep, so its return is checked as well. */
export const lockAfterMs = 30_000

export function watchHidden(lock: () => void, now: () => number = Date.now): () => void {
  let hiddenAt: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = () => {
    clearTimeout(timer)
    if (document.visibilityState === "hidden") {
      hiddenAt = now()
      timer = setTimeout(lock, lockAfterMs)
    } else {
      if (hiddenAt !== null && now() - hiddenAt >= lockAfterMs) lock()
      hiddenAt = null
    }
  }
  document.addEventListener("visibilitychange", follow)
  return () => {
    clearTimeout(timer)
    document.removeEventListener("visibilitychange", follow)
  }
}
