/** The engine: takes what pages ask, keeps the phase, tells what changed. */
import type { ToEngine } from "../bridge/channel.js"
import type { PinAnswer, RequestOf } from "../bridge/commands.js"
import type { ChannelId, DiscussionSummary, Message } from "../bridge/models.js"
import { Waiting } from "./arrival.js"
import { answerTo } from "./commands.js"
import { beginByInvitation } from "./accounts/guests.js"
import type { Desk } from "./desk.js"
import type { Elected, Page } from "./election.js"
import { DocumentTeller } from "./documents/telling.js"
import { codeOf, Refusal } from "./failure.js"
import { Gate, type GateOwner, type GatePorts } from "./gate.js"
import { LockedWatch } from "./lockedWatch.js"
import { Pages } from "./pages.js"
import { phaseOf, type Stage } from "./phase.js"
import { unlockByPin } from "./pinGate.js"
import { Publisher } from "./publisher.js"
import { Turns } from "./turns.js"

/** Without a gesture for this long the store is closed, like the session. */
const IDLE_MS = 30 * 60_000
const IDLE_CHECK_MS = 30_000

export class Engine implements Elected, GateOwner {
  readonly pages = new Pages()
  private readonly publisher = new Publisher()
  readonly documents = new DocumentTeller(this.pages, this.publisher, () => (this.stage.kind === "open" ? this.gate?.desk : null))
  private readonly turns = new Turns()
  private gate: Gate | null = null
  private waiting: Waiting | null = null
  private stage: Stage = { kind: "loading" }
  private error: string | null = null
  private touchedAtMs = Date.now()
  private readonly idleTimer = setInterval(() => this.checkIdle(), IDLE_CHECK_MS)

  private readonly lockedWatch = new LockedWatch(() => this.ports.link.openSocket(), () => this.stage.kind === "locked", () => this.onStop("revoked"))

  constructor(private readonly ports: GatePorts) {}

  /** Elected: a page asks. Before the answer it is told the phase that came of it: a screen that is over takes no second tap. */
  receive(page: Page, asked: ToEngine): void {
    this.pages.add(page)
    void answerTo(this, asked, page.id).then((answer) => {
      this.publisher.flush("phase")
      page.tell(answer)
    })
  }

  /** Elected: a page is gone. */
  leave(page: string): void {
    const left = this.pages.remove(page)
    if (left !== null) this.gate?.desk?.conversations.unwatch(left)
  }

  /** Elected: another worker owns the engine from now on. */
  stop(): void {
    clearInterval(this.idleTimer)
    this.publisher.clear()
    this.gate?.close()
    this.gate = null
  }

  /** The open desk. Refuses with `locked` while the store is closed. */
  get desk(): Desk {
    const desk = this.gate?.desk ?? null
    if (desk === null || this.stage.kind !== "open") throw new Refusal("locked")
    return desk
  }

  /** The person did something. */
  touch(): void {
    this.touchedAtMs = Date.now()
    this.gate?.desk?.sessions.touch().catch(() => undefined)
    this.gate?.desk?.link.nudge()
  }

  /** The network is back: do not wait. */
  hurry(): void {
    this.gate?.desk?.link.hurry()
    this.lockedWatch.look(true)
    // Started without the network: how to sign in was not known yet.
    const isOutside = this.stage.kind === "signed-out" || this.stage.kind === "locked"
    if (isOutside && this.gate?.status === null) {
      void this.start({ error: this.error, language: "fr" }).catch(() => undefined)
    }
  }

  onNetworkLost(): void {
    this.gate?.desk?.link.onNetworkLost()
  }

  // The way in and out, one step at a time.

  start({ error }: RequestOf<"start">): Promise<void> {
    return this.step(async (gate) => {
      this.error = error
      if (this.stage.kind === "open") return
      await gate.ask()
      if (gate.locker.isEmpty) this.stage = { kind: gate.enrolment === null ? "signed-out" : "welcome" }
      else if (!(await this.enterByDevice(gate))) this.stage = { kind: gate.isOther ? "welcome" : "locked" }
      this.lockedWatch.look(true)
    })
  }

  private enterByDevice(gate: Gate): Promise<boolean> {
    return gate.enterByDevice().catch((error: unknown) => {
      if (codeOf(error) !== "attestor_refused") throw error
      this.error = codeOf(error)
      return false
    })
  }

  enrol({ label, situation }: RequestOf<"enrol">): Promise<void> {
    return this.step((gate) => gate.enrol(label, situation))
  }

  /** Somebody opened the link of an invitation: `enrol` finishes. What is wrong with it is said on screen. */
  openInvitation(secret: string): Promise<void> {
    return this.step(async (gate) => {
      this.error = await beginByInvitation(gate, secret)
      if (this.error === null) this.stage = { kind: "welcome" }
    })
  }

  /** Then `enrol` finishes. */
  prepare(way: (gate: Gate) => Promise<void>): Promise<void> {
    return this.step(way)
  }

  readonly beginPasskey = (): ReturnType<Gate["beginPasskey"]> => this.opened.beginPasskey()

  finishPasskey({ credential, prf }: RequestOf<"passkeyGetFinish">): Promise<void> {
    return this.step(async (gate) => {
      try {
        await gate.finishPasskey(credential, prf)
      } finally {
        if (gate.desk === null && gate.locker.isEmpty && gate.enrolment !== null) this.stage = { kind: "welcome" }
      }
    })
  }

  /** Ten wrong tries end with an empty device. */
  async unlockByPin(digits: string): Promise<PinAnswer> {
    let answer: PinAnswer = { isOpen: false, left: 0, waitMs: 0 }
    await this.step(async (gate) => {
      answer = await unlockByPin(gate, digits)
      if (!gate.locker.isEmpty) return
      this.forgetShown()
      ;[this.error, this.stage] = ["pin_destroyed", { kind: "signed-out" }]
    })
    return answer
  }

  /** A code for an old device, which lets this one in. */
  async beginTransfer(label: string): Promise<Waiting["shown"]> {
    this.endTransfer()
    this.waiting = await Waiting.begin(this.opened.http, label, (finish) => this.step(finish))
    return this.waiting.shown
  }

  endTransfer(): void {
    this.waiting?.stop()
  }

  /** Another way to open this device, or one less. */
  changeDoor(change: (gate: Gate, desk: Desk) => Promise<void>): Promise<void> {
    return this.step((gate) => change(gate, this.desk))
  }

  lock(): Promise<void> {
    return this.step((gate) => this.close(gate))
  }

  signOut(isForgotten: boolean): Promise<void> {
    return this.step(async (gate) => {
      await gate.desk?.leave()
      this.forgetShown()
      await (isForgotten ? gate.wipe() : gate.lock())
      this.stage = { kind: isForgotten ? "signed-out" : "locked" }
    })
  }

  /** End the account for ever; nothing of it stays here. */
  closeAccount(): Promise<void> {
    return this.step(async (gate) => {
      await gate.desk?.http.signed("POST", "/api/account/close", {})
      this.forgetShown()
      await gate.wipe()
      this.stage = { kind: "signed-out" }
    })
  }

  // GateOwner, DeskOwner

  onOpen(): void {
    this.stage = { kind: "open" }
    this.onState()
  }

  onStoreLost(): void {
    this.stopWith("storage")
  }

  onChange(channel: ChannelId): void {
    this.publisher.request("discussions", () => {
      const discussions = this.gate?.desk?.conversations.summaries()
      if (discussions !== undefined && this.stage.kind === "open") this.pages.tellAll({ kind: "discussions", discussions })
    })
    if (this.pages.isWatched(channel)) this.publisher.request(channel, () => this.tellDiscussion(channel))
  }

  onArrived(discussion: DiscussionSummary, message: Message): void {
    if (this.stage.kind === "open") this.pages.tellOthers(discussion.channel, { kind: "arrived", discussion, message })
  }

  onState(): void {
    this.publisher.request("phase", () => this.tellPhase())
  }

  onSessionOver(): void {
    void this.step(async (gate) => {
      // Without express login nothing but a new sign-in may open the store: the session was the key.
      if (this.stage.kind === "open" && !gate.locker.hasPasskey) await this.close(gate)
    }).catch(() => undefined)
  }

  onStop(reason: "revoked" | "upgrade"): void {
    if (reason === "upgrade") { this.stopWith("upgrade"); return; }
    void this.step(async (gate) => {
      this.forgetShown()
      await gate.wipe()
      this.stage = { kind: "revoked" }
    }).catch(() => this.stopWith("storage"))
  }

  tellDiscussion(channel: ChannelId): void {
    const discussion = this.gate?.desk?.conversations.discussion(channel) ?? null
    if (discussion !== null && this.stage.kind === "open") {
      this.pages.tellWatchers(channel, { kind: "discussion", discussion })
    }
  }

  private get opened(): Gate {
    if (this.gate === null) throw new Refusal("storage_failed")
    return this.gate
  }

  /** One change of phase after the other; the page is told what came of it, whether it failed or not. */
  private step(change: (gate: Gate) => Promise<void>): Promise<void> {
    return this.turns.run("phase", async () => {
      try {
        if (this.stage.kind === "stopped") return
        this.gate ??= await Gate.open(this.ports, this)
        await change(this.gate)
      } catch (error) {
        if (codeOf(error) === "device_revoked") {
          this.forgetShown()
          await this.gate?.wipe()
          this.stage = { kind: "revoked" }
        } else if (codeOf(error) === "storage_failed") this.stopWith("storage")
        else throw error
      } finally {
        this.publisher.request("phase", () => this.tellPhase())
      }
    })
  }

  private async close(gate: Gate): Promise<void> {
    this.forgetShown()
    await gate.lock()
    this.stage = { kind: "locked" }
  }

  private stopWith(reason: "upgrade" | "storage"): void {
    this.stage = { kind: "stopped", reason }
    this.gate?.close()
    this.gate = null
    this.onState()
  }

  /** Nothing decrypted waits to be told. */
  private forgetShown(): void {
    this.publisher.clear()
    this.pages.blind()
  }

  private checkIdle(): void {
    this.lockedWatch.look(false)
    if (this.stage.kind === "open" && Date.now() - this.touchedAtMs > IDLE_MS) void this.lock().catch(() => undefined)
  }

  private tellPhase(): void {
    this.pages.tellAll({ kind: "phase", phase: phaseOf(this.stage, this.gate, this.error) })
    const desk = this.gate?.desk
    if (this.stage.kind === "open" && desk != null) {
      this.pages.tellAll({ kind: "discussions", discussions: desk.conversations.summaries() })
      this.documents.onDocuments()
    }
  }
}
