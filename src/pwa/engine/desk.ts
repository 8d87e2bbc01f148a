/** Everything that exists only while the store is open: keys in memory, the session, the link, the conversations. */
import type { ChannelId, DiscussionSummary, LinkState, Message, Person } from "../bridge/models.js"
import { Alerts } from "./accounts/alerts.js"
import { follow, type Deployment } from "./accounts/deployment.js"
import { Contacts } from "./accounts/contacts.js"
import { DeviceBoxes } from "./accounts/deviceBoxes.js"
import { openSeed } from "./accounts/deviceKey.js"
import { Keyring } from "./accounts/keyring.js"
import { Secrets } from "./accounts/secrets.js"
import { readSeed, readSelf } from "./accounts/self.js"
import { Sessions } from "./accounts/session.js"
import { letIn } from "./accounts/transfers.js"
import type { ServerClock } from "./clock.js"
import { deviceSealingKey } from "./crypto/device.js"
import type { SealingKey } from "./crypto/sealing.js"
import { Exports } from "./conversations/exporting.js"
import { Conversations, type ConversationsOwner } from "./conversations/service.js"
import { BlobDownload } from "./documents/blobDownload.js"
import { Documents, type DocumentsOwner } from "./documents/service.js"
import { SharedDocuments } from "./documents/shared.js"
import { codeOf, Refusal } from "./failure.js"
import { Http, type HttpPorts } from "./http.js"
import { inboxOf, isChannel } from "./ids.js"
import { asText, listIn } from "./json.js"
import { Notifications } from "./notifications/notifications.js"
import { Takeaway } from "./takeaway/takeaway.js"
import { Library } from "./media/library.js"
import type { Hand } from "./media/departures.js"
import { Link, type LinkOwner, type LinkPorts } from "./link.js"
import { decodeNotice } from "./notice.js"
import type { Push, Welcome } from "../protocol/frames.js"
import { persist } from "./persistence.js"
import { readAgain } from "./readAgain.js"
import { reportBug } from "./report.js"
import type { Status } from "./status.js"
import type { Store } from "./store/store.js"

export type DeskPorts = {
  readonly http: HttpPorts
  readonly link: LinkPorts
  readonly clock: ServerClock
  /** What the deployment says now; null while it cannot be asked. */
  readonly deployment: (Deployment & Pick<Status, "blobBytes">) | null
}

/** What the engine does about what happens here. */
export interface DeskOwner {
  readonly documents: DocumentsOwner
  onChange(channel: ChannelId): void
  onArrived(summary: DiscussionSummary, message: Message): void
  /** The link, the session or the own person changed. */
  onState(): void
  onSessionOver(): void
  onStop(reason: "revoked" | "upgrade"): void
}

const HOUR_MS = 3_600_000
const SESSION_CHECK_MS = 10_000

export class Desk implements LinkOwner, ConversationsOwner {
  readonly http: Http
  readonly sessions: Sessions
  readonly secrets: Secrets
  readonly alerts: Alerts
  readonly contacts: Contacts
  readonly conversations: Conversations
  readonly documents: Documents
  readonly shared: SharedDocuments
  readonly library: Library
  readonly notifications: Notifications
  readonly takeaway: Takeaway
  readonly exports: Exports
  readonly link: Link
  linkState: LinkState = "offline"
  private readonly readAgain: () => Promise<void>
  /** The server's, on the link that is open or was. */
  private welcome: Welcome | null = null
  /** With how many secrets of the account everything was tried to be opened. */
  private tried: number
  private readonly timers: readonly ReturnType<typeof setInterval>[]

  private constructor(
    private readonly store: Store,
    readonly keyring: Keyring,
    sealing: SealingKey,
    readonly clock: ServerClock,
    private readonly owner: DeskOwner,
    ports: DeskPorts,
  ) {
    this.http = new Http(ports.http, keyring)
    this.http.onSessionOver = () => this.onSessionOver()
    this.readAgain = () => readAgain(keyring, ports.link.client, this.openAgain)
    this.sessions = new Sessions(this.http, keyring, clock)
    this.contacts = new Contacts(this.http, store, () => keyring.self.attestors)
    this.tried = keyring.self.secrets.length
    keyring.onMissing = () => this.secrets.catchUp()
    this.secrets = new Secrets(this.http, keyring, this.contacts, clock, new DeviceBoxes(this.http, keyring, sealing))
    this.alerts = new Alerts(this.http, keyring, () => owner.onState())
    this.link = new Link(ports.link, this)
    const { http, contacts, link } = this
    this.documents = new Documents({ http, store, keyring, clock, source: new BlobDownload(http) }, owner.documents)
    const hand: Hand = (channel, said, envelope) => this.conversations.media.handOver(channel, said, envelope)
    this.library = new Library(http, store, () => clock.now(), hand, { findMedia: (channel, target) => this.conversations.media.findMedia(channel, target), fateOf: (withdrawal) => this.conversations.media.fateOf(withdrawal) }, ports.deployment?.blobBytes ?? null)
    this.notifications = new Notifications(http, store)
    this.conversations = new Conversations({ http, store, link, contacts, keyring, clock, inbox: this.documents, library: this.library }, this)
    const { conversations, documents, library } = this
    this.exports = new Exports(http, store, conversations.book, contacts, keyring, clock)
    conversations.people.onOwn = () => owner.onState()
    this.shared = new SharedDocuments({ store, library, conversations, documents })
    this.takeaway = new Takeaway({ http, store, conversations, documents, library })
    this.timers = [
      setInterval(() => this.forgetOld(), HOUR_MS),
      setInterval(() => this.checkSession(), SESSION_CHECK_MS),
    ]
  }

  /** Read the store. Refuses with `storage_failed` when it holds no device, `attestor_refused` when the deployment is another. */
  static async open(store: Store, owner: DeskOwner, ports: DeskPorts): Promise<Desk> {
    const [self, seed] = [await readSelf(store), await readSeed(store)]
    if (self === null || seed === null) throw new Refusal("storage_failed")
    const keyring = new Keyring(store, self, await openSeed(seed), ports.clock, ports.http.origin)
    const sealing = await deviceSealingKey(seed)
    seed.fill(0)
    if (ports.deployment !== null) await follow(keyring, ports.deployment)
    const desk = new Desk(store, keyring, sealing, ports.clock, owner, ports)
    await desk.contacts.load()
    await Promise.all([desk.conversations.load(), desk.documents.load(), desk.library.load()])
    desk.forgetOld()
    desk.readAgain().catch(() => undefined)
    return desk
  }

  get isSignedIn(): boolean {
    const { session } = this.keyring.self
    const now = this.clock.now()
    return session !== null && now < session.idleEndsAtMs && now < session.endsAtMs
  }

  get me(): Person {
    return this.conversations.people.find(this.keyring.account)
  }

  /** Let the new device of this code in. */
  letIn(code: string): Promise<void> {
    const { http, keyring, contacts, clock } = this
    return letIn({ http, keyring, contacts, clock }, code)
  }

  /** The person signs out: nothing wakes this device until they are back. */
  async leave(): Promise<void> {
    await this.notifications.rest()
    await this.sessions.end()
  }

  /** A session stands: go online. */
  start(): void {
    this.link.start()
    this.owner.onState()
  }

  /** Erase the keys and let everything go. */
  close(): void {
    for (const timer of this.timers) clearInterval(timer)
    this.link.stop()
    this.conversations.close()
    this.library.close()
    this.store.close()
  }

  // LinkOwner

  session(): string | null {
    return this.keyring.session()
  }

  prove(nonce: Uint8Array): Promise<Uint8Array | null> {
    return this.keyring.proveHello(nonce)
  }

  async isSessionOver(): Promise<boolean> {
    try {
      await this.sessions.check()
      return false
    } catch (error) {
      return codeOf(error) === "not_signed_in"
    }
  }

  onWelcome(welcome: Welcome): void {
    this.welcome = welcome
    this.clock.learn(welcome.serverAtMs)
    this.forgetOld()
    this.conversations.resumption.wantAll(inboxOf(this.keyring.account))
    this.conversations.outbox.sendAll()
    this.library.goOn()
    this.conversations.receipts.catchUp()
    this.documents.catchUp()
    void this.catchUp()
    for (const task of [() => this.findConversations(), () => this.alerts.check()]) this.persist(task).catch(() => undefined)
  }

  /** For as long as this link is open: the next one asks for everything again. */
  private persist(task: () => Promise<void>): Promise<void> {
    const { link, welcome } = this
    return persist(task, () => link.isOpen() && this.welcome === welcome)
  }

  onPush(push: Push): void {
    const { sync, resumption } = this.conversations
    switch (push.kind) {
      case "Entry":
      case "Gap":
      case "Reset":
        { sync.offer(push); return; }
      case "Receipt":
        { this.conversations.receipts.onReceipt(push); return; }
      case "Typed":
        { this.conversations.onTyped(push); return; }
      case "Behind":
        { resumption.wantAll(); return; }
      case "Challenge":
      case "Drain":
        // The link's own.
        return
    }
  }

  onState(state: LinkState): void {
    this.linkState = state
    this.owner.onState()
  }

  onSessionOver(): void {
    this.link.stop()
    this.sessions
      .forget()
      .catch(() => undefined)
      .finally(() => {
        this.owner.onSessionOver()
      })
  }

  onStop(reason: "revoked" | "upgrade"): void {
    this.owner.onStop(reason)
  }

  // ConversationsOwner

  onChange(channel: ChannelId): void {
    this.owner.onChange(channel)
  }

  onArrived(summary: DiscussionSummary, message: Message): void {
    this.owner.onArrived(summary, message)
  }

  onNotice(sealed: Uint8Array): void {
    const notice = decodeNotice(sealed)
    if (notice?.kind === "chain") void this.catchUp()
    else if (notice?.kind === "traces") this.documents.elsewhere.catchUp().catch(() => undefined)
    else if (notice?.kind === "activity") this.alerts.check().catch(() => undefined)
    else if (notice?.kind === "conversation") this.conversations.resumption.want([notice.channel])
    else if (notice?.kind === "removed") this.conversations.onRemoved(notice.channel).catch(() => undefined)
  }

  /** Conversations that began while this device was away, or before it was there. */
  private async findConversations(): Promise<void> {
    const json = await this.http.signed("GET", "/api/conversations")
    const channels = listIn(json, "channels").map(asText).filter(isChannel)
    this.conversations.resumption.want(channels.filter((channel) => this.conversations.book.find(channel) === null))
  }

  /** The own chain: whether this device is still in it, and the secrets that others made meanwhile. */
  private async catchUp(): Promise<void> {
    try {
      await this.persist(() => this.secrets.catchUp())
      const { length } = this.keyring.self.secrets
      if (length > this.tried) await this.persist(() => this.openAgain())
      this.tried = length
      await this.readAgain()
      this.owner.onState()
    } catch (error) {
      const code = codeOf(error)
      if (code === "device_revoked") this.owner.onStop("revoked")
      else if (code === "unexpected") reportBug("the own chain", error)
    }
  }

  private readonly openAgain = async (): Promise<void> => { await Promise.all([this.conversations.openAgain(), this.documents.openAgain()]); }

  /** A socket outlives the idle time of its session: it is this device that ends it when nobody is there. */
  private checkSession(): void {
    if (this.keyring.self.session !== null && !this.isSignedIn) this.onSessionOver()
  }

  private forgetOld(): void {
    this.conversations.retention.forgetOld().catch(() => undefined)
    this.documents.forgetOld().catch(() => undefined)
  }
}
