/** The people of conversations as they are shown, and what this person tells them of when to count on them. */
import type { AccountId, Availability, Person } from "../../bridge/models.js"
import { unknownPerson } from "../accounts/contact.js"
import type { Contacts } from "../accounts/contacts.js"
import type { Keyring } from "../accounts/keyring.js"
import type { ServerClock } from "../clock.js"
import { isInbox } from "../ids.js"
import { isNewer, type Declaration } from "./availability.js"
import type { Book } from "./book.js"
import { isMember, type Channel } from "./channel.js"
import { isWritten } from "./contents.js"
import type { StoredMessage } from "./message.js"
import type { Outbox } from "./outbox.js"

/** Whoever talks in more conversations tells the others when something is said there. */
const MOST_CHANNELS = 200

export class People {
  private readonly newest = new Map<AccountId, Declaration>()
  private readonly asked = new Set<AccountId>()
  /** Told when what this person says of themselves changed, perhaps on another device. */
  onOwn: () => void = () => undefined

  constructor(
    private readonly contacts: Contacts,
    private readonly keyring: Keyring,
    private readonly book: Book,
    private readonly outbox: Outbox,
    private readonly clock: ServerClock,
  ) {}

  /** What the store holds of it. */
  load(): void {
    const { account, declared } = this.keyring.self
    if (declared !== undefined) this.newest.set(account, declared)
    for (const state of this.book.all()) this.learn(state)
  }

  find(account: AccountId): Person {
    const contact = this.contacts.find(account)
    const person = contact === null ? unknownPerson(account) : this.contacts.describe(contact)
    const availability = this.availabilityOf(account)
    return availability === null ? person : { ...person, availability }
  }

  /** Tell it in every conversation. `cover` is null unless somebody else is to be asked meanwhile. */
  async choose(state: Declaration["state"], untilMs: number, cover: AccountId | null): Promise<void> {
    const now = this.clock.now()
    const own: Declaration = { state, sinceMs: now, untilMs, cover, saidAtMs: now }
    await this.keyring.change((self) => ({ ...self, declared: own }))
    this.newest.set(this.keyring.account, own)
    this.onOwn()
    const channels = this.book.all().filter((one) => this.isToldIn(one) && !one.preference.isArchived)
    const recent = channels.toSorted((one, other) => other.lastAtMs - one.lastAtMs).slice(0, MOST_CHANNELS)
    for (const one of recent) await this.tell(one, own)
  }

  /** Messages were stored here: those who cannot know yet are told. */
  onStored(state: Channel, messages: readonly StoredMessage[]): void {
    this.learn(state)
    const own = this.newest.get(this.keyring.account)
    if (own === undefined || !this.isCurrent(own) || !this.isToldIn(state)) return
    const told = state.declared[this.keyring.account]
    const isKnown = told?.sinceMs === own.sinceMs
    const hasNewcomers = messages.some(({ content, sentAtMs }) => content.kind === "members" && content.added.length > 0 && sentAtMs > (told?.saidAtMs ?? 0))
    if (hasNewcomers || (!isKnown && messages.some(({ content }) => isWritten(content)))) this.tell(state, own).catch(() => undefined)
  }

  private availabilityOf(account: AccountId): Availability | null {
    const declared = this.newest.get(account)
    if (declared === undefined || declared.state === "usual" || !this.isCurrent(declared)) return null
    const { state, untilMs, cover } = declared
    return { state, untilMs, cover: cover === null ? null : this.coverOf(cover) }
  }

  /** Perhaps nobody this device has met: then they are looked up, once. */
  private coverOf(account: AccountId): Person | null {
    const contact = this.contacts.find(account)
    if (contact !== null) return this.contacts.describe(contact)
    if (!this.asked.has(account)) {
      this.asked.add(account)
      this.contacts.refresh(account).catch(() => this.asked.delete(account))
    }
    return null
  }

  private async tell({ channel }: Channel, { state, sinceMs, untilMs, cover }: Declaration): Promise<void> {
    for (const { said, envelope, accepted } of this.outbox.in(channel)) {
      if (said.type !== "availability") continue
      if (said.sinceMs === sinceMs) return
      if (accepted === null) await this.outbox.discard(channel, envelope)
    }
    // Where sending is suspended, nothing is told either.
    await this.outbox.add(channel, { type: "availability", state, sinceMs, untilMs, cover }).catch(() => undefined)
  }

  private learn({ declared }: Channel): void {
    for (const [account, said] of Object.entries(declared) as [AccountId, Declaration][]) {
      const before = this.newest.get(account)
      if (before !== undefined && !isNewer(said, before)) continue
      this.newest.set(account, said)
      if (account === this.keyring.account) this.onOwn()
    }
  }

  private isToldIn(state: Channel): boolean {
    return !isInbox(state.channel) && state.epoch > 0 && isMember(state, this.keyring.account)
  }

  private isCurrent({ untilMs }: Declaration): boolean {
    return this.clock.now() < untilMs
  }
}
