/**
 * Search over everything that this device can read. The index follows what comes, is kept in sealed segments, and is read
 * from them when something is first sought; what they lack is read from the messages.
 */
import type { SearchFilter, SearchHit, SearchPage } from "../../bridge/search.js"
import type { ChannelId } from "../../bridge/models.js"
import type { Book } from "../conversations/book.js"
import type { StoredMessage } from "../conversations/message.js"
import { isInbox } from "../ids.js"
import type { Store } from "../store/store.js"
import { Coverage, type Hole } from "./coverage.js"
import { entryOf, isErased } from "./entries.js"
import { SearchIndex, type Entry } from "./searchIndex.js"
import { Segments, WHOLE } from "./segments.js"

const SLICE = 500
const MOST_FOUND = 50
/** How long the first search waits for more to be read before it answers with what there is. */
const FIRST_ANSWER_MS = 100
const FLUSH_AFTER_MS = 1_000
const PURGE_AFTER_MS = 10_000
/** How many more segments than needed are left before they are made into few. */
const MOST_SPARE = 64

type Waiting = { readonly changes: Map<string, Entry | null>; readonly reaches: Map<ChannelId, Hole> }

const nothing = (): Waiting => ({ changes: new Map(), reaches: new Map() })

export class Search {
  private readonly index = new SearchIndex()
  private readonly segments: Segments
  /** Names that changed since the store was opened: older sources say nothing about them. */
  private readonly fresh = new Set<string>()
  /** How far each log was followed, when the store was opened and now. */
  private ends: ReadonlyMap<ChannelId, number> = new Map()
  private readonly offsets = new Map<ChannelId, number>()
  private waiting = nothing()
  private loading: Promise<void> | null = null
  private timers: { flush: ReturnType<typeof setTimeout> | null; purge: ReturnType<typeof setTimeout> | null } = { flush: null, purge: null }
  private read = 0
  private isComplete = false
  private isClosed = false

  /** `keptSinceMs` says from when on messages of a channel are kept. */
  constructor(
    private readonly store: Store,
    private readonly book: Book,
    private readonly keptSinceMs: (channel: ChannelId) => number,
  ) {
    this.segments = new Segments(store)
  }

  /** The book is loaded. */
  start(): void {
    for (const { channel, offset } of this.book.all()) if (!isInbox(channel)) this.offsets.set(channel, offset)
    this.ends = new Map(this.offsets)
  }

  /** Messages were stored, changed or removed, and the log was followed up to `offset`. */
  put(channel: ChannelId, messages: readonly StoredMessage[], removed: readonly string[], offset: number): void {
    if (isInbox(channel)) return
    for (const stored of messages) this.change(stored.name, entryOf(stored), isErased(stored))
    for (const name of removed) this.change(name, null, true)
    const from = this.waiting.reaches.get(channel)?.from ?? this.offsets.get(channel) ?? WHOLE
    this.waiting.reaches.set(channel, { from, to: offset })
    this.offsets.set(channel, offset)
    this.timers.flush ??= setTimeout(() => void this.flush().catch(ignored), FLUSH_AFTER_MS)
  }

  /** What is found so far; `isComplete` says whether everything was read. */
  async find(query: string, filter: SearchFilter): Promise<SearchPage> {
    await Promise.race([this.load(), new Promise((resolve) => setTimeout(resolve, FIRST_ANSWER_MS))])
    const hits = this.index.find(query, filter, MOST_FOUND).map(({ name, ...entry }): SearchHit => {
      const [, , device = "", envelope = ""] = name.split(":")
      return { ...entry, target: { device, envelope } as SearchHit["target"] }
    })
    return { hits, read: this.read, isComplete: this.isComplete }
  }

  /** Many messages of a channel were moved or opened: it is read again. */
  async readAgain(channel: ChannelId): Promise<void> {
    if (!(await this.segments.hasBegun())) return
    await this.load()
    await this.readWhole(channel)
  }

  close(): void {
    this.isClosed = true
    for (const timer of Object.values(this.timers)) if (timer !== null) clearTimeout(timer)
  }

  /** Write down what waits; without an index nothing does. */
  async flush(): Promise<void> {
    this.timers.flush = null
    if (this.loading === null && !(await this.segments.hasBegun())) {
      this.waiting = nothing()
      return
    }
    const { changes, reaches } = this.waiting
    this.waiting = nothing()
    const entries = [...changes.values()].filter((entry) => entry !== null)
    const removed = [...changes].flatMap(([name, entry]) => (entry === null ? [name] : []))
    await this.segments.append({ entries, removed, reaches: Array.from(reaches, ([channel, hole]) => ({ channel, ...hole, since: this.segments.next })) })
  }

  private change(name: string, entry: Entry | null, isGone: boolean): void {
    this.fresh.add(name)
    this.waiting.changes.set(name, entry)
    if (entry === null) this.index.remove(name)
    else this.index.put(entry)
    // What was withdrawn or has run out does not stay in the segments.
    if (isGone) this.timers.purge ??= setTimeout(() => void this.purge().catch(ignored), PURGE_AFTER_MS)
  }

  private load(): Promise<void> {
    this.loading ??= this.fill().catch(() => {
      this.loading = null
    })
    return this.loading
  }

  private async fill(): Promise<void> {
    const coverage = new Coverage(this.ends)
    const gone = new Set<string>()
    for await (const { number, segment } of this.segments.newestFirst()) {
      for (const reach of segment.reaches) coverage.take(reach)
      const told = segment.entries.filter(({ name, channel, atMs }) => !gone.has(name) && this.index.get(name) === null && coverage.counts(channel, number) && atMs >= this.keptSinceMs(channel))
      this.add(told)
      for (const name of segment.removed) if (this.index.get(name) === null) gone.add(name)
    }
    const newestFirst = this.book.all().toSorted((one, other) => other.lastAtMs - one.lastAtMs)
    for (const { channel } of newestFirst) {
      if (isInbox(channel)) continue
      const holes = coverage.holesOf(channel)
      if (holes === null) await this.readWhole(channel)
      else for (const hole of holes) await this.readHole(channel, hole)
    }
    this.isComplete = true
    if (this.segments.count > MOST_SPARE + (2 * this.index.size) / SLICE) await this.rewrite()
  }

  /** Answers what is known of these messages now. */
  private add(entries: readonly Entry[]): readonly Entry[] {
    for (const entry of entries) if (!this.fresh.has(entry.name)) this.index.put(entry)
    this.read += entries.length
    return entries.flatMap(({ name }) => this.index.get(name) ?? [])
  }

  private async readWhole(channel: ChannelId): Promise<void> {
    const [since, to] = [this.segments.next, this.offsets.get(channel) ?? 0]
    for (const { name } of this.index.entries.filter((entry) => entry.channel === channel)) {
      this.index.remove(name)
      this.fresh.delete(name)
    }
    for (let below = Infinity; ; ) {
      const page = await this.store.messagesBelow<StoredMessage>(channel, below, SLICE)
      const isLast = page.length < SLICE
      const entries = this.add(page.flatMap((stored) => entryOf(stored) ?? []))
      await this.segments.append({ entries, removed: [], reaches: isLast ? [{ channel, from: WHOLE, to, since }] : [] })
      if (isLast) return
      below = page[0]?.place ?? -Infinity
    }
  }

  /** What came just before the device was closed. Where something was said about older messages, all are read again. */
  private async readHole(channel: ChannelId, { from, to }: Hole): Promise<void> {
    const page = await this.store.messages<StoredMessage>(channel, from + 0.5, to)
    const isAll = page.filter(({ offset }) => offset !== null).length === to - from
    if (!isAll) { await this.readWhole(channel); return }
    const entries = this.add(page.flatMap((stored) => entryOf(stored) ?? []))
    await this.segments.append({ entries, removed: [], reaches: [{ channel, from, to, since: 0 }] })
  }

  private async purge(): Promise<void> {
    this.timers.purge = null
    if (this.isClosed || !(await this.segments.hasBegun())) return
    await this.load()
    await this.rewrite()
  }

  /** Everything in as few segments as it takes. */
  private rewrite(): Promise<void> {
    return this.segments.replace((since) => {
      this.waiting = nothing()
      const { entries } = this.index
      const reaches = Array.from(this.offsets, ([channel, to]) => ({ channel, from: WHOLE, to, since }))
      const parts = Array.from({ length: Math.ceil(entries.length / SLICE) }, (_, index) => entries.slice(index * SLICE, (index + 1) * SLICE))
      return [...parts.map((part) => ({ entries: part, removed: [], reaches: [] })), { entries: [], removed: [], reaches }]
    })
  }
}

/** The store was closed meanwhile: what is missing is found when it opens again. */
const ignored = (): undefined => undefined
