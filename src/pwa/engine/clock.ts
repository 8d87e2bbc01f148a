/** The server's time as far as this device knows it: phones are often minutes wrong, proofs are checked to 60 seconds. */
export class ServerClock {
  private aheadMs = 0

  constructor(private readonly localNow: () => number = Date.now) {}

  now(): number {
    return this.localNow() + this.aheadMs
  }

  /** Learn from an answer that just came. */
  learn(serverAtMs: number): void {
    this.aheadMs = serverAtMs - this.localNow()
  }
}
