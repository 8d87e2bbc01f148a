/** Coalesced telling: however often something changes, it is told at most once every 50 ms, with its newest value. */
const INTERVAL_MS = 50

type Waiting = { readonly timer: ReturnType<typeof setTimeout>; readonly tell: () => void }

export class Publisher {
  private readonly waiting = new Map<string, Waiting>()
  private readonly toldAtMs = new Map<string, number>()

  /** `tell` is run soon; several requests of one kind before that are one. */
  request(kind: string, tell: () => void): void {
    if (this.waiting.has(kind)) return
    const wait = Math.max(0, (this.toldAtMs.get(kind) ?? 0) + INTERVAL_MS - Date.now())
    this.waiting.set(kind, { timer: setTimeout(() => this.flush(kind), wait), tell })
  }

  /** What was requested of this kind is told now. */
  flush(kind: string): void {
    const due = this.waiting.get(kind)
    if (due === undefined) return
    clearTimeout(due.timer)
    this.waiting.delete(kind)
    this.toldAtMs.set(kind, Date.now())
    due.tell()
  }

  /** Nothing that was requested is told any more. */
  clear(): void {
    for (const { timer } of this.waiting.values()) clearTimeout(timer)
    this.waiting.clear()
    this.toldAtMs.clear()
  }
}
