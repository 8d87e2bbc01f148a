/** Coalesced telling: however often something changes, it is told at most once every 50 ms, with its newest value. */
const INTERVAL_MS = 50

export class Publisher {
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>()
  private readonly toldAtMs = new Map<string, number>()

  /** `tell` is run soon; several requests of one kind before that are one. */
  request(kind: string, tell: () => void): void {
    if (this.timers.has(kind)) return
    const wait = Math.max(0, (this.toldAtMs.get(kind) ?? 0) + INTERVAL_MS - Date.now())
    const timer = setTimeout(() => {
      this.timers.delete(kind)
      this.toldAtMs.set(kind, Date.now())
      tell()
    }, wait)
    this.timers.set(kind, timer)
  }

  /** Nothing that was requested is told any more. */
  clear(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.timers.clear()
    this.toldAtMs.clear()
  }
}
