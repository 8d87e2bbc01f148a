/** A phone: the real engine on its own store, asked as a page would ask it, and what it was told. */
import "fake-indexeddb/auto"
import { connect, type Engine as Bridge, type Port, type ToEngine } from "../bridge/channel.js"
import type { CommandName, ReplyOf, RequestOf } from "../bridge/commands.js"
import type { AccountId, ChannelId, Discussion, DiscussionSummary, Message, Phase } from "../bridge/models.js"
import { ServerClock } from "../engine/clock.js"
import { Engine } from "../engine/engine.js"
import { Network, ORIGIN } from "./network.js"
import { Passkey } from "./passkey.js"

const PATIENCE_MS = 30_000
const devices: Device[] = []
/** Numbers of the demonstration's directory; given by tests/pwa. */
const NUMBERS = (process.env["SCENARIO_NUMBERS"] ?? "").split(",")

export const aPasskey = (): Passkey => new Passkey(ORIGIN)

export class Device {
  phase: Phase = { kind: "loading" }
  discussions: readonly DiscussionSummary[] = []
  discussion: Discussion | null = null
  /** For how many members a group was ready, as it was told. */
  readonly prepared: number[] = []
  rpps = ""
  private readonly bridge: Bridge
  readonly engine: Engine

  /** `storage` and `network` of a device that was closed: the same phone, opened again, perhaps after an update. */
  constructor(
    readonly storage: string = crypto.randomUUID(),
    readonly network = new Network(),
    private readonly program = "scenario/1",
  ) {
    this.engine = new Engine({
      http: { origin: ORIGIN, fetch: network.fetch },
      link: { openSocket: network.openSocket, random: () => 0.1, client: program },
      clock: new ServerClock(),
      rpId: new URL(ORIGIN).hostname,
      databaseName: storage,
    })
    const port: Port = { postMessage: (message) => this.post(message as ToEngine), onmessage: null }
    const page = { id: "page", tell: (data: unknown) => port.onmessage?.({ data: data as never }) }
    this.post = (message) => this.engine.receive(page, message)
    const bridge = connect(port)
    this.bridge = bridge
    bridge.listen((event) => {
      if (event.kind === "phase") this.phase = event.phase
      else if (event.kind === "discussions") this.discussions = event.discussions
      else if (event.kind === "discussion") this.discussion = event.discussion
      else if (event.kind === "preparing") this.prepared.push(event.done)
    })
    devices.push(this)
  }

  private readonly post: (message: ToEngine) => void

  ask<Name extends CommandName>(name: Name, request: RequestOf<Name>): Promise<ReplyOf<Name>> {
    return this.bridge.ask(name, request)
  }

  get me(): AccountId {
    if (this.phase.kind !== "open") throw new Error("not open")
    return this.phase.me.account
  }

  /** Every text of the discussion on screen; what is not a text by its kind. */
  get texts(): readonly string[] {
    return this.messages.map(({ content }) => (content.kind === "text" ? content.text : content.kind))
  }

  get messages(): readonly Message[] {
    return this.discussion?.messages ?? []
  }

  get hasOlder(): boolean {
    return this.discussion?.hasOlder === true
  }

  /** Wait until something is so. */
  async until(what: string, isSo: () => boolean): Promise<void> {
    const endMs = Date.now() + PATIENCE_MS
    while (!isSo()) {
      if (Date.now() > endMs) throw new Error(`never: ${what}; phase ${this.phase.kind}; shows ${this.texts.join(" | ")}`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }

  shows(text: string): Promise<void> {
    return this.until(`shows "${text}"`, () => this.texts.includes(text))
  }

  reaches(kind: Phase["kind"]): Promise<void> {
    return this.until(`phase ${kind}`, () => this.phase.kind === kind)
  }

  online(): Promise<void> {
    return this.until("online", () => this.phase.kind === "open" && this.phase.link === "online")
  }

  async start(): Promise<void> {
    await this.ask("start", { error: null, language: "fr" })
  }

  /** A new account on this phone, of anyone whom no other scenario has taken. */
  async signUp(): Promise<this> {
    for (const rpps of NUMBERS.toSorted(() => Math.random() - 0.5)) {
      await this.network.visitProvider(rpps)
      await this.start()
      if (this.phase.kind !== "welcome" || !this.phase.isNewAccount) continue
      this.rpps = rpps
      const isTaken = await this.ask("enrol", { label: "Téléphone", situation: 0 }).then(
        () => false,
        () => true, // by a scenario that runs beside this one
      )
      if (isTaken) continue
      await this.online()
      return this
    }
    throw new Error("nobody is left in SCENARIO_NUMBERS")
  }

  async turnOnExpressLogin(passkey: Passkey): Promise<void> {
    const { options, salts } = await this.ask("passkeyCreateBegin", null)
    const credential = passkey.create(options)
    await this.ask("passkeyCreateFinish", { credential, prf: passkey.prf(salts), label: "Connexion express" })
    await this.until("express login", () => this.phase.kind === "open" && this.phase.me.expressLogin)
  }

  async use(passkey: Passkey): Promise<void> {
    const { options, salts } = await this.ask("passkeyGetBegin", null)
    await this.ask("passkeyGetFinish", { credential: passkey.get(options), prf: passkey.prf(salts) })
  }

  /** A further phone of the account, through its passkey. */
  async join(passkey: Passkey): Promise<this> {
    await this.start()
    await this.use(passkey)
    await this.reaches("welcome")
    await this.ask("enrol", { label: "Autre téléphone", situation: null })
    await this.online()
    return this
  }

  async open(channel: ChannelId): Promise<void> {
    await this.ask("watchDiscussion", { channel })
    await this.until("the discussion is shown", () => this.discussion?.channel === channel)
  }

  async write(to: AccountId, text: string): Promise<ChannelId> {
    const { channel } = await this.ask("openDirect", { account: to })
    await this.open(channel)
    await this.say(text)
    return channel
  }

  async say(text: string, more: Partial<RequestOf<"sendText">> = {}): Promise<void> {
    const plain = { text, replyTo: null, mentions: [], intent: { kind: "info" } } as const
    await this.ask("sendText", { channel: this.channel, ...plain, ...more })
  }

  /** The discussion on screen. */
  get channel(): ChannelId {
    if (this.discussion === null) throw new Error("no discussion is open")
    return this.discussion.channel
  }

  /** The message on screen with this text. */
  message(text: string): Message {
    const found = this.messages.find(({ content }) => content.kind === "text" && content.text === text)
    if (found === undefined) throw new Error(`"${text}" is not shown`)
    return found
  }

  /** The tab was closed, or the phone rebooted: the same storage and cookies, a new engine. */
  async reopened(program = this.program): Promise<Device> {
    this.engine.stop()
    const again = new Device(this.storage, this.network, program)
    again.rpps = this.rpps
    await again.start()
    return again
  }

  /** The network comes back. */
  comeBack(): void {
    this.network.set(true)
    this.engine.hurry()
  }

  stop(): void {
    this.engine.stop()
  }
}

/** Put every phone of a scenario away. */
export function stopAll(): void {
  for (const device of devices.splice(0)) device.stop()
}
