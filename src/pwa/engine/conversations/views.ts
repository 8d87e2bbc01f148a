/** The discussions on screen: a window of their messages, kept in memory, which follows the reader up and down. */
import type { AccountId, ChannelId, Target } from "../../bridge/models.js"
import type { Store } from "../store/store.js"
import type { Channel } from "./channel.js"
import { shownFrom } from "./contents.js"
import { nameOfTarget, type StoredMessage } from "./message.js"

/** How many messages a discussion opens with, how many come with each further page, and how many are shown at most. */
const WINDOW = 200
const PAGE = 100
const MOST = 300

/** What was read of the store: in order of place, without what is never shown by itself. */
type Page = {
  readonly messages: readonly StoredMessage[]
  /** The places between which messages are in the window; `to` is infinite while it follows what comes. */
  readonly from: number
  readonly to: number
  readonly hasOlder: boolean
}

export type View = Page & {
  /** Highest place of what was stored after the window, where it does not follow. */
  readonly beyond: number
  /** Offset of the first message that was unread when the discussion was opened. */
  readonly unreadFrom: number | null
  /** Messages that replies in the window answer, by name; null for those that are not here. */
  readonly quoted: ReadonlyMap<string, StoredMessage | null>
}

export const hasNewer = ({ to }: Page): boolean => to !== Infinity

const isVisible = ({ content }: StoredMessage): boolean => shownFrom(content) !== null

export class Views {
  private readonly views = new Map<ChannelId, View>()
  /** What was put or removed while the store is read for a window, once more for when it is shown. */
  private readonly meanwhile = new Map<ChannelId, Set<(() => void)[]>>()

  constructor(
    private readonly store: Store,
    private readonly me: AccountId,
  ) {}

  find(channel: ChannelId): View | null {
    return this.views.get(channel) ?? null
  }

  /** At its end, or where the unread messages begin when that is further up than the window reaches. */
  open(channel: Channel): Promise<void> {
    return this.views.has(channel.channel) ? Promise.resolve() : this.whole(channel.channel, () => this.openNow(channel))
  }

  private async openNow(channel: Channel): Promise<void> {
    const newest = await this.newest(channel.channel)
    const isAbove = channel.unread > 0 && newest.hasOlder && newest.from > channel.readOffset + 1
    const page = isAbove ? await this.around(channel.channel, channel.readOffset + 1) : newest
    const unread = page.messages.find(({ author, offset }) => author !== this.me && offset !== null && offset > channel.readOffset)
    const unreadFrom = channel.unread > 0 ? (unread?.offset ?? null) : null
    await this.show(channel.channel, { ...page, unreadFrom, beyond: -Infinity, quoted: new Map() })
  }

  /** Read the same window again, after many messages moved. */
  reload(channel: ChannelId): Promise<void> {
    return this.whole(channel, () => this.reloadNow(channel))
  }

  private async reloadNow(channel: ChannelId): Promise<void> {
    const view = this.views.get(channel)
    if (view === undefined) return
    const page = hasNewer(view)
      ? { ...view, messages: (await this.store.messages<StoredMessage>(channel, view.from, view.to)).filter(isVisible) }
      : await this.newest(channel, Math.max(WINDOW, view.messages.length))
    await this.show(channel, { ...view, ...page, quoted: new Map() })
  }

  async loadOlder(channel: ChannelId): Promise<void> {
    const view = this.views.get(channel)
    if (view === undefined || !view.hasOlder) return
    const { messages, from, hasOlder } = await this.before(channel, view.from, PAGE)
    const now = this.views.get(channel)
    if (now?.from !== view.from) return
    const all = [...messages, ...now.messages]
    const shown = all.slice(0, MOST)
    const to = shown.length < all.length ? (shown.at(-1)?.place ?? now.to) : now.to
    await this.show(channel, { ...now, messages: shown, from, to, hasOlder })
  }

  async loadNewer(channel: ChannelId): Promise<void> {
    const view = this.views.get(channel)
    if (view === undefined || !hasNewer(view)) return
    const page = await this.store.messagesAbove<StoredMessage>(channel, view.to, PAGE)
    const now = this.views.get(channel)
    if (now?.to !== view.to) return
    const end = page.at(-1)?.place ?? view.to
    const to = page.length === PAGE || now.beyond > end ? end : Infinity
    const all = [...now.messages, ...page.filter(isVisible)]
    const shown = all.length > MOST ? all.slice(-WINDOW) : all
    const isCut = shown.length < all.length
    await this.show(channel, { ...now, messages: shown, from: isCut ? (shown[0]?.place ?? now.from) : now.from, to, hasOlder: isCut || now.hasOlder })
  }

  /** Show the end again, and no more than a discussion opens with. */
  loadNewest(channel: ChannelId): Promise<void> {
    return this.whole(channel, () => this.loadNewestNow(channel))
  }

  private async loadNewestNow(channel: ChannelId): Promise<void> {
    const view = this.views.get(channel)
    if (view === undefined) return
    if (!hasNewer(view)) {
      const messages = view.messages.slice(-WINDOW)
      const isCut = messages.length < view.messages.length
      if (isCut) this.views.set(channel, { ...view, messages, from: messages[0]?.place ?? view.from, hasOlder: true })
      return
    }
    const page = await this.newest(channel)
    const now = this.views.get(channel) ?? view
    const end = page.messages.at(-1)?.place ?? -Infinity
    await this.show(channel, { ...now, ...page, to: now.beyond > end ? end : Infinity })
  }

  /** Show what stands around this message, unless it is in the window already. Answers whether it is here. */
  async loadAround(channel: ChannelId, name: string): Promise<boolean> {
    const view = this.views.get(channel)
    if (view === undefined) return false
    if (view.messages.some((message) => message.name === name)) return true
    const stored = await this.store.getMessage<StoredMessage>(name)
    if (stored === null || !isVisible(stored)) return false
    await this.whole(channel, async () => this.show(channel, { ...view, ...(await this.around(channel, stored.place)) }))
    return true
  }

  /** A message was stored, changed, or stored again at another place. */
  put(stored: StoredMessage): void {
    for (const late of this.meanwhile.get(stored.channel) ?? []) late.push(() => this.put(stored))
    const view = this.views.get(stored.channel)
    if (view === undefined) return
    const others = view.messages.filter((message) => message.name !== stored.name)
    const quoted = view.quoted.has(stored.name) ? new Map(view.quoted).set(stored.name, stored) : view.quoted
    const isAfter = stored.place > view.to || (others.length >= 2 * MOST && stored.place > (others.at(-1)?.place ?? 0))
    if (!isVisible(stored) || (stored.place < view.from && view.hasOlder) || isAfter) {
      // A window that nobody reads the end of stops following.
      const to = isVisible(stored) && isAfter ? Math.min(view.to, others.at(-1)?.place ?? view.to) : view.to
      const beyond = isAfter ? Math.max(view.beyond, stored.place) : view.beyond
      this.views.set(stored.channel, { ...view, messages: others, quoted, to, beyond })
      return
    }
    const index = others.findLastIndex((message) => message.place <= stored.place) + 1
    this.views.set(stored.channel, { ...view, messages: others.toSpliced(index, 0, stored), quoted })
  }

  remove(channel: ChannelId, names: readonly string[]): void {
    for (const late of this.meanwhile.get(channel) ?? []) late.push(() => this.remove(channel, names))
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

  /** Show what `work` reads of the store, and what came while it was read: it may miss that. */
  private async whole(channel: ChannelId, work: () => Promise<void>): Promise<void> {
    const [late, readings] = [[] as (() => void)[], this.meanwhile.get(channel) ?? new Set<(() => void)[]>()]
    this.meanwhile.set(channel, readings.add(late))
    try {
      await work()
    } finally {
      readings.delete(late)
      if (readings.size === 0) this.meanwhile.delete(channel)
    }
    for (const again of late) again()
  }

  private async show(channel: ChannelId, view: View): Promise<void> {
    this.views.set(channel, view)
    await this.learnQuoted(channel)
  }

  private newest(channel: ChannelId, limit = WINDOW): Promise<Page> {
    return this.before(channel, Infinity, limit)
  }

  private async around(channel: ChannelId, place: number): Promise<Page> {
    const half = WINDOW / 2
    const [older, newer] = [await this.before(channel, place, half), await this.store.messagesFrom<StoredMessage>(channel, place, half)]
    const to = newer.length === half ? (newer.at(-1)?.place ?? Infinity) : Infinity
    return { ...older, from: older.messages.length === 0 ? (newer[0]?.place ?? -Infinity) : older.from, messages: [...older.messages, ...newer.filter(isVisible)], to }
  }

  private async before(channel: ChannelId, place: number, limit: number): Promise<Page> {
    const page = await this.store.messagesBelow<StoredMessage>(channel, place, limit)
    const from = page.at(0)?.place ?? -Infinity
    return { messages: page.filter(isVisible), from, to: Infinity, hasOlder: page.length === limit }
  }
}
