/** The discussions on screen: a window of their newest messages, kept in memory. */
import type { AccountId, ChannelId } from "../../bridge/models.js"
import type { Store } from "../store/store.js"
import type { Channel } from "./channel.js"
import type { StoredMessage } from "./message.js"

const WINDOW = 200

export type View = {
  /** In order of place. */
  readonly messages: readonly StoredMessage[]
  readonly hasOlder: boolean
  /** Offset of the first message that was unread when the discussion was opened. */
  readonly unreadFrom: number | null
}

export class Views {
  private readonly views = new Map<ChannelId, View>()

  constructor(
    private readonly store: Store,
    private readonly me: AccountId,
  ) {}

  find(channel: ChannelId): View | null {
    return this.views.get(channel) ?? null
  }

  async open(channel: Channel): Promise<void> {
    if (this.views.has(channel.channel)) return
    const messages = await this.before(channel.channel, Infinity, WINDOW)
    const unread = messages.find(({ author, offset }) => author !== this.me && offset !== null && offset > channel.readOffset)
    const unreadFrom = channel.unread > 0 ? (unread?.offset ?? null) : null
    this.views.set(channel.channel, { messages, hasOlder: messages.length === WINDOW, unreadFrom })
  }

  /** Read the same window again, after many messages moved. */
  async reload(channel: ChannelId): Promise<void> {
    const view = this.views.get(channel)
    if (view === undefined) return
    const messages = await this.before(channel, Infinity, Math.max(WINDOW, view.messages.length))
    this.views.set(channel, { ...view, messages })
  }

  async loadOlder(channel: ChannelId): Promise<void> {
    const view = this.views.get(channel)
    const first = view?.messages[0]
    if (view === undefined || first === undefined || !view.hasOlder) return
    const older = await this.before(channel, first.place, WINDOW)
    const now = this.views.get(channel) ?? view
    this.views.set(channel, { ...now, messages: [...older, ...now.messages], hasOlder: older.length === WINDOW })
  }

  /** A message was stored, or stored again at another place. */
  put(stored: StoredMessage): void {
    const view = this.views.get(stored.channel)
    if (view === undefined) return
    const others = view.messages.filter((message) => message.name !== stored.name)
    const index = others.findLastIndex((message) => message.place <= stored.place) + 1
    this.views.set(stored.channel, { ...view, messages: others.toSpliced(index, 0, stored) })
  }

  close(channel: ChannelId): void {
    this.views.delete(channel)
  }

  private before(channel: ChannelId, place: number, limit: number): Promise<readonly StoredMessage[]> {
    return this.store.messagesBelow<StoredMessage>(channel, place, limit)
  }
}
