/** Locks when the page was hidden for too long. A hidden page's timers sleep, so its return is checked as well. */
export function watchHidden(lock: () => void, afterMs: number, now: () => number = Date.now): () => void {
  let hiddenAt: number | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  const follow = () => {
    clearTimeout(timer)
    if (document.visibilityState === "hidden") {
      if (afterMs === 0) {
        lock()
        return
      }
      hiddenAt = now()
      timer = setTimeout(lock, afterMs)
    } else {
      if (hiddenAt !== null && now() - hiddenAt >= afterMs) lock()
      hiddenAt = null
    }
  }
  document.addEventListener("visibilitychange", follow)
  return () => {
    clearTimeout(timer)
    document.removeEventListener("visibilitychange", follow)
  }
}
