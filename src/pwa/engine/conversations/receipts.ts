/** How far everyone has come: told by pushes, and read again by a device that was away when they were told. */
import type { AccountId, ChannelId } from "../../bridge/models.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { listIn } from "../json.js"
import type { Receipt } from "../../protocol/frames.js"
import type { Store } from "../store/store.js"
import type { Book } from "./book.js"
import { deliveryAt, marked, type Channel } from "./channel.js"
import { markRead } from "./reading.js"

/** Conversations that are asked about after being away; the others are when they are looked at. */
const MOST_ASKED = 20

type Mark = Pick<Receipt, "level" | "offset"> & { readonly account: AccountId }

export class Receipts {
  /** Conversations new to this device, whose own read mark was asked for. */
  private readonly asked = new Set<ChannelId>()

  constructor(
    private readonly http: Http,
    private readonly store: Store,
    private readonly book: Book,
    private readonly me: AccountId,
  ) {}

  onReceipt({ channel, account, level, offset }: Receipt): void {
    if (this.book.find(channel as ChannelId) === null) return
    this.apply(channel as ChannelId, [{ account: account as AccountId, level, offset }]).catch(() => undefined)
  }

  /** The newest conversations where this person still waits to be read. */
  catchUp(): void {
    const waiting = this.book.all().filter((channel) => isWaiting(channel, this.me))
    const newest = waiting.toSorted((one, other) => other.lastAtMs - one.lastAtMs).slice(0, MOST_ASKED)
    for (const { channel } of newest) this.ask(channel)
  }

  /** Messages came into a conversation that was never read here: perhaps it was on another device. */
  onUnread({ channel, readOffset, unread }: Channel): void {
    if (readOffset > 0 || unread === 0 || this.asked.has(channel)) return
    this.asked.add(channel)
    this.ask(channel)
  }

  /** Behind the scenes: what cannot be asked now is asked when the conversation is looked at. */
  ask(channel: ChannelId): void {
    this.read(channel).catch(() => undefined)
  }

  private async read(channel: ChannelId): Promise<void> {
    const json = await this.http.signed("GET", `/api/conversations/${channel}/receipts`)
    await this.apply(channel, listIn(json, "receipts").map(markFrom))
  }

  private async apply(channel: ChannelId, marks: readonly Mark[]): Promise<void> {
    const others = marks.filter(({ account }) => account !== this.me)
    await this.book.change(channel, (state) =>
      others.reduce((now, { account, level, offset }) => marked(now, account, level, offset), state),
    )
    // What this person has read on another device is read here too.
    for (const { account, level, offset } of marks) {
      if (account === this.me && level === 2) await markRead(this.book, this.store, channel, offset, this.me)
    }
  }
}

function isWaiting(channel: Channel, me: AccountId): boolean {
  const { last } = channel
  return last !== null && last.author === me && deliveryAt(channel, me, last.offset) !== "read"
}

function markFrom(item: unknown): Mark {
  const [account, level, offset] = Array.isArray(item) ? (item as readonly unknown[]) : []
  if (typeof account !== "string" || (level !== 1 && level !== 2) || typeof offset !== "number") {
    throw new Refusal("unexpected")
  }
  return { account: account as AccountId, level, offset }
}
