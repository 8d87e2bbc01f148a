/**
 * The index at rest: numbered segments, each sealed like every record of the store. What is in a later segment takes the
 * place of what an earlier one says of the same message, so that a change is one more segment and nothing is rewritten.
 */
import type { ChannelId } from "../../bridge/models.js"
import type { SearchKind } from "../../bridge/search.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import type { Entry } from "./searchIndex.js"

/** Everything of a log up to `to`, where `from` is this; otherwise what lies after `from` up to `to`. */
export const WHOLE = -1

export type Reach = {
  readonly channel: ChannelId
  readonly from: number
  readonly to: number
  /** The segment with which the reading of the whole began: what earlier ones say of the channel does not count. */
  readonly since: number
}

export type Segment = { readonly entries: readonly Entry[]; readonly removed: readonly string[]; readonly reaches: readonly Reach[] }
type Row = readonly [channel: number, author: number, name: string, atMs: number, kind: SearchKind, text: string]
type Packed = { readonly names: readonly string[]; readonly rows: readonly Row[]; readonly removed: readonly string[]; readonly reaches: readonly Reach[] }
type Head = { readonly first: number; readonly next: number; readonly version?: number }

const HEAD = "search:head"
/**
 * What can be found of a message. Raised when entries say something that they did not before: segments of another
 * version go, and every log is read again. 2: shared documents.
 */
const VERSION = 2
const nameOf = (number: number): string => `search:${number}`

export class Segments {
  private head: Head | null = null
  private isRead = false
  private tail: Promise<unknown> = Promise.resolve()

  constructor(private readonly store: Store) {}

  /** Whether this device has an index at all: until something was sought there is none. */
  hasBegun(): Promise<boolean> {
    return this.turn(async () => (await this.read()).next > 0)
  }

  get next(): number {
    return this.head?.next ?? 0
  }

  get count(): number {
    return this.head === null ? 0 : this.head.next - this.head.first
  }

  /** Every segment there is now, from the newest; those that do not open are left out. */
  async *newestFirst(): AsyncGenerator<{ readonly number: number; readonly segment: Segment }> {
    const { first, next } = await this.turn(() => this.read())
    for (let number = next - 1; number >= first; number--) {
      const packed = await this.store.get<Packed>("search", nameOf(number))
      if (packed !== null) yield { number, segment: unpacked(packed) }
    }
  }

  append(segment: Segment): Promise<void> {
    return this.turn(async () => {
      const { first, next } = await this.read()
      await this.keep({ first, next: next + 1 }, [await this.store.put("search", nameOf(next), packed(segment))])
    })
  }

  /** These in place of all others, in one step: what was removed is on the disk no more. */
  replace(make: (since: number) => readonly Segment[]): Promise<void> {
    return this.turn(async () => {
      const { first, next } = await this.read()
      const segments = make(next)
      const puts = segments.map((segment, index) => this.store.put("search", nameOf(next + index), packed(segment)))
      const removals = Array.from({ length: next - first }, (_, index) => this.store.remove("search", nameOf(first + index)))
      await this.keep({ first: next, next: next + segments.length }, await Promise.all([...puts, ...removals]))
    })
  }

  private async keep(head: Head, writes: readonly Write[]): Promise<void> {
    const current = { ...head, version: VERSION }
    await this.store.write([...writes, await this.store.put("search", HEAD, current)])
    this.head = current
  }

  private async read(): Promise<Head> {
    if (!this.isRead) {
      this.head = await this.store.get<Head>("search", HEAD)
      if (this.head !== null && this.head.version !== VERSION) await this.dropAll(this.head)
    }
    this.isRead = true
    return this.head ?? { first: 0, next: 0 }
  }

  private async dropAll({ first, next }: Head): Promise<void> {
    const removals = Array.from({ length: next - first }, (_, index) => this.store.remove("search", nameOf(first + index)))
    await this.keep({ first: next, next }, await Promise.all(removals))
  }

  private turn<T>(task: () => Promise<T>): Promise<T> {
    const after = this.tail.then(task, task)
    this.tail = after.catch(() => undefined)
    return after
  }
}

function packed({ entries, removed, reaches }: Segment): Packed {
  const names = [...new Set(entries.flatMap(({ channel, author }) => [channel, author]))]
  const places = new Map(names.map((name, index) => [name as string, index]))
  const place = (name: string): number => places.get(name) ?? 0
  return { names, removed, reaches, rows: entries.map(({ name, channel, author, atMs, kind, text }) => [place(channel), place(author), name, atMs, kind, text]) }
}

function unpacked({ names, rows, removed, reaches }: Packed): Segment {
  const at = (index: number) => (names[index] ?? "") as never
  return { removed, reaches, entries: rows.map(([channel, author, name, atMs, kind, text]) => ({ name, channel: at(channel), author: at(author), atMs, kind, text })) }
}
