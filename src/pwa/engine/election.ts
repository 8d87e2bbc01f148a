/**
 * One engine on a device.
 *
 * Every tab has a worker with this program; a Web Lock elects the one that owns the socket and the store. The others
 * pass the page's messages to it through a BroadcastChannel, and take over when it is gone. A tab that was frozen by
 * the system answers nobody: then its lock is taken, and when it wakes it becomes one of the others.
 */
import type { ToEngine, ToPage } from "../bridge/channel.js"

/** One page, near or far, as the engine sees it. */
export interface Page {
  readonly id: string
  tell(message: ToPage): void
}

/** The engine, as the election sees it. */
export interface Elected {
  receive(page: Page, message: ToEngine): void
  leave(page: string): void
  stop(): void
}

export type ElectionPorts = {
  readonly locks: LockManager
  readonly makeAir: () => BroadcastChannel
  readonly startEngine: () => Elected
  readonly answerTimeoutMs: number
}

/** What passes between workers. `to` null is for whoever owns the engine. */
type Said =
  | { readonly kind: "ask"; readonly from: string; readonly message: ToEngine }
  | { readonly kind: "tell"; readonly to: string; readonly message: ToPage }
  | { readonly kind: "anyone"; readonly from: string }
  | { readonly kind: "here"; readonly to: string }
  | { readonly kind: "elected" }

const ENGINE_LOCK = "lien-engine"
const pageLock = (page: string): string => `lien-page-${page}`

export class Election {
  private readonly id = crypto.randomUUID()
  private readonly air: BroadcastChannel
  private readonly here: Page
  private engine: Elected | null = null
  private readonly pages = new Map<string, Page>()
  private readonly unanswered = new Map<number, ToEngine>()
  private start: ToEngine | null = null
  private heard = false

  constructor(
    private readonly ports: ElectionPorts,
    private readonly tellPage: (message: ToPage) => void,
  ) {
    this.air = ports.makeAir()
    this.air.onmessage = ({ data }: { data: Said }) => this.hear(data)
    this.here = { id: this.id, tell: tellPage }
  }

  /** Stand for election for as long as this worker lives. */
  run(): void {
    // Held until this worker ends, so that the owner learns of it.
    void this.ports.locks.request(pageLock(this.id), () => new Promise(() => undefined))
    this.stand({})
    this.say({ kind: "anyone", from: this.id })
    setTimeout(() => {
      if (this.engine === null && !this.heard) this.stand({ steal: true })
    }, this.ports.answerTimeoutMs)
  }

  /** From this worker's own page. */
  receive(message: ToEngine): void {
    if (message.name === "start") this.start = message
    if (this.engine !== null) { this.engine.receive(this.here, message); return; }
    this.unanswered.set(message.id, message)
    if (this.heard) this.say({ kind: "ask", from: this.id, message })
  }

  private stand(options: LockOptions): void {
    const lost = (): void => this.step(null)
    this.ports.locks
      .request(ENGINE_LOCK, options, () => {
        this.step(this.ports.startEngine())
        return new Promise<void>(() => undefined)
      })
      // Rejected only when another worker took the lock from this one.
      .catch(() => {
        lost()
        this.stand({})
        this.say({ kind: "anyone", from: this.id })
      })
  }

  private step(engine: Elected | null): void {
    this.engine?.stop()
    this.engine = engine
    this.pages.clear()
    if (engine === null) return
    const waiting = [...this.unanswered.values()]
    this.unanswered.clear()
    // The page of this worker was told of another engine's state: begin again with its own start.
    const again = this.heard && this.start !== null ? [{ ...this.start, id: 0 }] : []
    for (const message of [...again, ...waiting]) engine.receive(this.here, message)
    this.say({ kind: "elected" })
  }

  private hear(said: Said): void {
    switch (said.kind) {
      case "anyone":
        if (this.engine !== null) this.say({ kind: "here", to: said.from })
        return
      case "ask":
        this.engine?.receive(this.page(said.from), said.message)
        return
      case "here":
        if (said.to === this.id) this.onOwner()
        return
      case "elected":
        // Calls to the former owner are lost with it; what it was told to send is in its outbox.
        if (this.engine === null) this.onNewOwner()
        return
      case "tell":
        if (said.to === this.id) this.pass(said.message)
    }
  }

  private onOwner(): void {
    if (this.heard) return
    this.heard = true
    for (const message of this.unanswered.values()) this.say({ kind: "ask", from: this.id, message })
  }

  private onNewOwner(): void {
    const wasHeard = this.heard
    this.heard = false
    for (const [id, { name }] of wasHeard ? this.unanswered : []) {
      if (name === "start") continue
      this.unanswered.delete(id)
      this.tellPage({ id, failure: { code: "unexpected" } })
    }
    if (wasHeard && this.start !== null) this.unanswered.set(0, { ...this.start, id: 0 })
    this.onOwner()
  }

  private pass(message: ToPage): void {
    if ("id" in message) this.unanswered.delete(message.id)
    this.tellPage(message)
  }

  /** A far page, until its worker ends. */
  private page(id: string): Page {
    const known = this.pages.get(id)
    if (known !== undefined) return known
    const page: Page = { id, tell: (message) => this.say({ kind: "tell", to: id, message }) }
    this.pages.set(id, page)
    const engine = this.engine
    void this.ports.locks.request(pageLock(id), () => {
      this.pages.delete(id)
      engine?.leave(id)
    })
    return page
  }

  private say(said: Said): void {
    this.air.postMessage(said)
  }
}
