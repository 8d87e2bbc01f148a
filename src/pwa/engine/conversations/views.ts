/** The discussions on screen: a window of their newest messages, kept in memory. */
import type { AccountId, ChannelId, Target } from "../../bridge/models.js"
import type { Store } from "../store/store.js"
import type { Channel } from "./channel.js"
import { shownFrom } from "./contents.js"
import { nameOfTarget, type StoredMessage } from "./message.js"

const WINDOW = 200

export type View = {
  /** In order of place; what is never shown by itself is left out. */
  readonly messages: readonly StoredMessage[]
  /** The place from which on messages are in the window. */
  readonly from: number
  readonly hasOlder: boolean
  /** Offset of the first message that was unread when the discussion was opened. */
  readonly unreadFrom: number | null
  /** Messages that replies in the window answer, by name; null for those that are not here. */
  readonly quoted: ReadonlyMap<string, StoredMessage | null>
}

const isVisible = ({ content }: StoredMessage): boolean => shownFrom(content) !== null

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
    const page = await this.before(channel.channel, Infinity, WINDOW)
    const unread = page.messages.find(({ author, offset }) => author !== this.me && offset !== null && offset > channel.readOffset)
    const unreadFrom = channel.unread > 0 ? (unread?.offset ?? null) : null
    this.views.set(channel.channel, { ...page, unreadFrom, quoted: new Map() })
    await this.learnQuoted(channel.channel)
  }

  /** Read the same window again, after many messages moved. */
  async reload(channel: ChannelId): Promise<void> {
    const view = this.views.get(channel)
    if (view === undefined) return
    const page = await this.before(channel, Infinity, Math.max(WINDOW, view.messages.length))
    this.views.set(channel, { ...view, ...page, quoted: new Map() })
    await this.learnQuoted(channel)
  }

  async loadOlder(channel: ChannelId): Promise<void> {
    const view = this.views.get(channel)
    if (view === undefined || !view.hasOlder) return
    const { messages, from, hasOlder } = await this.before(channel, view.from, WINDOW)
    const now = this.views.get(channel) ?? view
    this.views.set(channel, { ...now, messages: [...messages, ...now.messages], from, hasOlder })
    await this.learnQuoted(channel)
  }

  /** Load older messages until the one of this name is among them. Answers whether it is. */
  async loadUntil(channel: ChannelId, name: string): Promise<boolean> {
    for (;;) {
      const view = this.views.get(channel)
      if (view?.messages.some((message) => message.name === name) === true) return true
      if (view === undefined || !view.hasOlder) return false
      await this.loadOlder(channel)
      if (this.views.get(channel)?.from === view.from) return false
    }
  }

  /** A message was stored, changed, or stored again at another place. */
  put(stored: StoredMessage): void {
    const view = this.views.get(stored.channel)
    if (view === undefined) return
    const others = view.messages.filter((message) => message.name !== stored.name)
    const quoted = view.quoted.has(stored.name) ? new Map(view.quoted).set(stored.name, stored) : view.quoted
    if (!isVisible(stored) || (stored.place < view.from && view.hasOlder)) {
      this.views.set(stored.channel, { ...view, messages: others, quoted })
      return
    }
    const index = others.findLastIndex((message) => message.place <= stored.place) + 1
    this.views.set(stored.channel, { ...view, messages: others.toSpliced(index, 0, stored), quoted })
  }

  remove(channel: ChannelId, names: readonly string[]): void {
    const view = this.views.get(channel)
    if (view === undefined || names.length === 0) return
    this.views.set(channel, { ...view, messages: view.messages.filter(({ name }) => !names.includes(name)) })
  }

  /** A message that is in the window or that one of the window answers. */
  quoting(channel: ChannelId): (target: Target) => StoredMessage | null {
    const view = this.views.get(channel)
    const byName = new Map(view?.messages.map((stored) => [stored.name, stored]))
    return (target) => {
      const name = nameOfTarget(channel, target)
      return byName.get(name) ?? view?.quoted.get(name) ?? null
    }
  }

  /** Read what replies in the window answer and is not in it. Answers whether something came. */
  async learnQuoted(channel: ChannelId): Promise<boolean> {
    const view = this.views.get(channel)
    if (view === undefined) return false
    const here = new Set(view.messages.map(({ name }) => name))
    const targets = view.messages.flatMap(({ context }) => (context?.replyTo == null ? [] : [context.replyTo]))
    const names = [...new Set(targets.map((target) => nameOfTarget(channel, target)))].filter((name) => !here.has(name) && !view.quoted.has(name))
    if (names.length === 0) return false
    const found = await this.store.getMessages<StoredMessage>(names)
    const now = this.views.get(channel)
    if (now === undefined) return false
    const learnt = names.map((name, index): [string, StoredMessage | null] => [name, found[index] ?? null])
    this.views.set(channel, { ...now, quoted: new Map([...now.quoted, ...learnt]) })
    return true
  }

  close(channel: ChannelId): void {
    this.views.delete(channel)
  }

  private async before(channel: ChannelId, place: number, limit: number): Promise<Pick<View, "messages" | "from" | "hasOlder">> {
    const page = await this.store.messagesBelow<StoredMessage>(channel, place, limit)
    const from = page.at(0)?.place ?? -Infinity
    return { messages: page.filter(isVisible), from, hasOlder: page.length === limit }
  }
}
