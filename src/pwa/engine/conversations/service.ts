/** The conversations of an open store: what the page asks for, and what it is shown. */
import type { AccountId, ChannelId, Discussion, DiscussionSummary, Message, Target } from "../../bridge/models.js"
import type { Contacts, Learnt } from "../accounts/contacts.js"
import type { Keyring } from "../accounts/keyring.js"
import type { ServerClock } from "../clock.js"
import type { Http } from "../http.js"
import { isDirect, isInbox } from "../ids.js"
import type { Link } from "../link.js"
import type { Library } from "../media/library.js"
import { ignored, persist } from "../persistence.js"
import type { Typed } from "../../protocol/frames.js"
import type { Store } from "../store/store.js"
import { Book } from "./book.js"
import { sureDays } from "./channel.js"
import { Drafts } from "./drafts.js"
import { Groups } from "./groups.js"
import { deviceNotice, messageShown, type StoredMessage } from "./message.js"
import { MediaMessages } from "./mediaMessages.js"
import { Search } from "../search/search.js"
import { openAgain } from "./opening.js"
import { Outbox } from "./outbox.js"
import { People } from "./people.js"
import { markRead, messageAt } from "./reading.js"
import { Receipts } from "./receipts.js"
import { Resumption } from "./resume.js"
import { Retention } from "./retention.js"
import { Saying } from "./saying.js"
import { Sealing } from "./sealing.js"
import { discussionShown, isShown, summaryShown, type Around } from "./shown.js"
import { Statements } from "./statements.js"
import { Sync, type InboxReader } from "./sync.js"
import { TypingPeople } from "./typing.js"
import { Views } from "./views.js"

/** What the engine does about what changes here. */
export interface ConversationsOwner {
  /** Something that is shown of this channel changed. */
  onChange(channel: ChannelId): void
  onArrived(summary: DiscussionSummary, message: Message): void
  onNotice(sealed: Uint8Array): void
}

export type ConversationsPorts = {
  readonly http: Http
  readonly store: Store
  readonly link: Link
  readonly contacts: Contacts
  readonly keyring: Keyring
  readonly clock: ServerClock
  readonly inbox: InboxReader
  readonly library: Library
}

const DAY_MS = 24 * 3_600_000

export class Conversations {
  readonly book: Book
  readonly groups: Groups
  readonly outbox: Outbox
  readonly people: People
  readonly sync: Sync
  readonly resumption: Resumption
  readonly retention: Retention
  readonly receipts: Receipts
  readonly saying: Saying
  readonly search: Search
  readonly media: MediaMessages
  readonly views: Views
  private readonly statements: Statements
  private readonly drafts: Drafts
  private readonly typing: TypingPeople
  private readonly me: AccountId
  private readonly asked = new Set<AccountId>()

  constructor(
    private readonly ports: ConversationsPorts,
    private readonly owner: ConversationsOwner,
  ) {
    const { http, store, link, contacts, keyring, clock } = ports
    const { account, device } = keyring.self
    const onChange = (channel: ChannelId): void => owner.onChange(channel)
    this.me = account
    this.book = new Book(store)
    this.statements = new Statements(http, store, contacts, keyring, clock)
    const sealing = new Sealing(this.book, this.statements, keyring, clock)
    this.outbox = new Outbox(link, store, this.book, sealing, keyring, clock)
    this.people = new People(contacts, keyring, this.book, this.outbox, clock)
    this.groups = new Groups(this.book, sealing, keyring)
    this.receipts = new Receipts(http, store, this.book, account)
    this.drafts = new Drafts(store)
    this.saying = new Saying(store, this.book, this.outbox, this.drafts, clock, account, http, (channel) => this.keptMs(channel))
    this.media = new MediaMessages(store, this.outbox, device, account)
    this.search = new Search(store, this.book, (channel) => clock.now() - this.keptMs(channel))
    this.views = new Views(store, account)
    this.typing = new TypingPeople(onChange)
    this.sync = new Sync(this, ports.inbox, link, store, this.book, this.statements, contacts, this.outbox, account, device)
    this.retention = new Retention(store, this.book, () => clock.now(), () => ports.keyring.self, (channel, names) => this.onForgotten(channel, names))
    this.resumption = new Resumption(link, this.book, () => this.sync.settled(), (channel, hasMoved) => void this.retention.onHead(channel, hasMoved).catch(ignored))
    this.book.onChange = onChange
    this.outbox.onChange = ports.library.departures.onChange = onChange
    this.outbox.isSuspended = (channel) => this.summary(channel)?.suspended != null
    contacts.onLearnt = (learnt) => this.onLearnt(learnt)
    contacts.onRefused = () => this.changeAll()
  }

  async load(): Promise<void> {
    await Promise.all([this.book.load(), this.outbox.load(), this.drafts.load()])
    this.people.load()
    this.search.start()
  }

  async watch(channel: ChannelId): Promise<void> {
    await this.views.open(this.book.get(channel))
    // People are looked at again when they are looked at: a new device or a doubt is told before something is sent.
    this.receipts.ask(channel)
    if (isDirect(channel)) for (const account of this.others(channel)) this.refresh(account)
  }

  unwatch(channel: ChannelId): void {
    this.views.close(channel)
  }

  messageAt(channel: ChannelId, atMs: number): Promise<Target | null> {
    return messageAt(this.ports.store, channel, this.book.get(channel).offset, atMs)
  }

  tellTyping(channel: ChannelId): void {
    const { link, clock } = this.ports
    if (!link.isOpen() || !this.typing.mayTell(channel, clock.now())) return
    link.ask({ kind: "Typing", channel }).catch(() => undefined)
  }

  async markRead(channel: ChannelId, offset: number): Promise<void> {
    const read = await markRead(this.book, this.ports.store, channel, offset, this.me)
    if (read !== null) this.sync.acknowledge(read, 2, read.readOffset)
  }

  summaries(): readonly DiscussionSummary[] {
    return this.book
      .all()
      .filter((channel) => isShown(channel, this.around(channel.channel), this.views.find(channel.channel) !== null))
      .map((channel) => summaryShown(channel, this.around(channel.channel)))
      .sort((one, other) => other.lastAtMs - one.lastAtMs)
  }

  summary(channel: ChannelId): DiscussionSummary | null {
    const state = this.book.find(channel)
    return state === null ? null : summaryShown(state, this.around(channel))
  }

  discussion(channel: ChannelId): Discussion | null {
    const state = this.book.find(channel)
    const view = this.views.find(channel)
    if (state === null || view === null) return null
    const typing = this.typing.in(channel)
    return discussionShown(state, this.around(channel), {
      view,
      quoting: this.views.quoting(channel),
      typing,
      draft: this.drafts.find(channel),
      bounds: this.ports.keyring.self,
    })
  }

  /** The server says that this account was left out: believed once it shows no statement of this channel any more. */
  async onRemoved(channel: ChannelId): Promise<void> {
    await this.book.turn(channel, async () => {
      const state = this.book.find(channel)
      if (state === null || !(await this.statements.isRefused(channel))) return
      await this.book.commit({ ...state, members: state.members.filter(({ account }) => account !== this.me) })
    })
  }

  onTyped({ channel, account }: Typed): void {
    if (account !== this.me) this.typing.add(channel as ChannelId, account as AccountId)
  }

  onStored(channel: ChannelId, messages: readonly StoredMessage[], removed: readonly string[], newest: StoredMessage | null): void {
    for (const stored of messages) {
      this.views.put(stored)
      this.typing.remove(channel, stored.author)
    }
    this.views.remove(channel, removed)
    this.search.put(channel, messages, removed, this.book.get(channel).offset)
    this.owner.onChange(channel)
    this.views.learnQuoted(channel).then((isNew) => isNew && this.owner.onChange(channel), ignored)
    const state = this.book.find(channel)
    if (state === null) return
    for (const { account } of state.members) if (this.ports.contacts.find(account) === null) this.refresh(account)
    if (state.hasUnsureDays === true) this.resumption.want([channel])
    this.receipts.onUnread(state)
    this.people.onStored(state, messages)
    void this.ports.library.withdrawals.send()
    const summary = summaryShown(state, this.around(channel))
    const arrived = newest === null ? null : messageShown(newest, state, this.me, () => null)
    if (arrived !== null && (!state.preference.isMuted || arrived.intent.kind === "urgent")) this.owner.onArrived(summary, arrived)
  }

  private onForgotten(channel: ChannelId, names: readonly string[]): void {
    this.views.remove(channel, names)
    this.search.put(channel, [], names, this.book.get(channel).offset)
    this.owner.onChange(channel)
  }

  onRebuilt(channel: ChannelId): void {
    this.search.readAgain(channel).catch(ignored)
    this.views.reload(channel).then(() => this.owner.onChange(channel), ignored)
  }

  onNotice(sealed: Uint8Array): void {
    this.owner.onNotice(sealed)
  }

  readonly onKeys = (channel: ChannelId): void => void persist(() => this.openIn(channel)).then(() => this.owner.onChange(channel), ignored)

  onMissing(channel: ChannelId, isLater: boolean): void {
    if (isLater) this.resumption.wantLater(channel)
    else this.resumption.want([channel])
  }

  /** Keys or people became known: what could not be opened is tried again. */
  async openAgain(): Promise<void> {
    for (const { channel } of this.book.all()) if (!isInbox(channel)) await this.openIn(channel)
    this.people.load()
    this.changeAll()
  }

  close(): void {
    this.outbox.clear()
    this.search.close()
    this.resumption.clear()
    this.typing.clear()
    this.ports.contacts.onLearnt = this.ports.contacts.onRefused = () => undefined
    this.book.onChange = this.outbox.onChange = () => undefined
  }

  private openIn(channel: ChannelId): Promise<void> {
    return this.book.turn(channel, async () => {
      const { store, contacts, keyring } = this.ports
      if (!(await openAgain(store, this.book, channel, this.statements, contacts, this.me, keyring.self.device))) return
      await Promise.all([this.views.reload(channel), this.search.readAgain(channel)])
    })
  }

  private around(channel: ChannelId): Around {
    const { contacts, keyring, library } = this.ports
    return {
      me: this.me,
      person: (account) => this.people.find(account),
      isRefused: (account) => contacts.find(account)?.isRefused === true,
      pending: this.outbox.in(channel),
      departing: library.departures.in(channel).map((departure) => ({ departure, progress: library.departures.progress(departure) })),
      device: keyring.self.device,
    }
  }

  private keptMs(channel: ChannelId): number {
    return sureDays(this.book.get(channel), this.ports.keyring.self) * DAY_MS
  }

  private readonly others = (channel: ChannelId): readonly AccountId[] =>
    this.book.get(channel).members.map(({ account }) => account).filter((account) => account !== this.me)

  /** Read a chain again, behind the scenes; once at a time for each person. */
  private refresh(account: AccountId): void {
    if (this.asked.has(account)) return
    this.asked.add(account)
    this.ports.contacts
      .refresh(account)
      .catch(() => undefined)
      .finally(() => this.asked.delete(account))
  }

  private onLearnt({ contact: { account }, newDevices, isChanged }: Learnt): void {
    if (account === this.me) return
    if (isChanged) this.changeAll()
    for (const { channel } of this.book.all()) {
      if (isDirect(channel) && this.others(channel).includes(account)) {
        for (const device of newDevices) this.tellDevice(channel, account, device).catch(ignored)
      }
    }
  }

  /** A contact has a new device: told once, where it happened. */
  private tellDevice(channel: ChannelId, account: AccountId, device: StoredMessage["device"]): Promise<void> {
    return this.book.turn(channel, async () => {
      const { store, clock } = this.ports
      const told = deviceNotice(this.book.get(channel), account, device, clock.now())
      await store.write([await store.putMessage(channel, told.name, told.place, told)])
      this.views.put(told)
      this.owner.onChange(channel)
    })
  }

  private changeAll(): void {
    for (const { channel } of this.book.all()) this.owner.onChange(channel)
  }
}
