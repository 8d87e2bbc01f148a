/** Search over everything that this device can read: the index is filled in slices, and follows what comes. */
import type { SearchFilter, SearchPage } from "../../bridge/search.js"
import type { Book } from "../conversations/book.js"
import { isWritten, wordsOf } from "../conversations/contents.js"
import { contentShown, type StoredMessage } from "../conversations/message.js"
import { isInbox } from "../ids.js"
import type { Store } from "../store/store.js"
import { SearchIndex } from "./searchIndex.js"

const SLICE = 500
const MOST_FOUND = 50

export class Search {
  private readonly index = new SearchIndex()
  private filling: Promise<void> | null = null
  private read = 0
  private isComplete = false
  /** Which filling is the present one; one that was overtaken stops. */
  private round = 0

  constructor(
    private readonly store: Store,
    private readonly book: Book,
  ) {}

  /** Messages were stored or changed: they are found from now on, if the index was begun. */
  put(messages: readonly StoredMessage[]): void {
    if (this.filling === null) return
    for (const stored of messages) this.add(stored)
  }

  remove(names: readonly string[]): void {
    for (const name of names) this.index.remove(name)
  }

  /** What is found so far; `isComplete` says whether everything was read. */
  find(query: string, filter: SearchFilter): SearchPage {
    this.filling ??= this.fill().catch(() => {
      this.filling = null
    })
    const hits = this.index.find(query, filter, MOST_FOUND).map(({ name, channel, author, atMs, text }) => {
      const [, , device = "", envelope = ""] = name.split(":")
      return { channel, target: { device, envelope } as SearchPage["hits"][number]["target"], author, atMs, text }
    })
    return { hits, read: this.read, isComplete: this.isComplete }
  }

  /** Messages were removed or moved: it is read again when it is asked for. */
  reset(): void {
    if (this.filling === null) return
    this.index.clear()
    this.filling = null
    this.round += 1
    this.read = 0
    this.isComplete = false
  }

  close(): void {
    this.round += 1
  }

  private async fill(): Promise<void> {
    const round = this.round
    const newestFirst = this.book.all().toSorted((one, other) => other.lastAtMs - one.lastAtMs)
    for (const { channel } of newestFirst) {
      if (isInbox(channel)) continue
      for (let below = Infinity; ; ) {
        const page = await this.store.messagesBelow<StoredMessage>(channel, below, SLICE)
        if (round !== this.round) return
        for (const stored of page) this.add(stored)
        this.read += page.length
        if (page.length < SLICE) break
        below = page[0]?.place ?? -Infinity
      }
    }
    this.isComplete = true
  }

  private add(stored: StoredMessage): void {
    const content = contentShown(stored, stored.about)
    const text = content === null || !isWritten(content) ? "" : wordsOf(content)
    if (text === "" || content === null) this.index.remove(stored.name)
    else this.index.put({ name: stored.name, channel: stored.channel, author: stored.author, atMs: stored.sentAtMs, kind: content.kind, text })
  }
}
