/**
 * Words of every message, for finding them: accents, case and word beginnings do not matter.
 *
 * In memory only, while the store is open; on the disk it is in sealed segments.
 */
import type { SearchFilter, SearchKind } from "../../bridge/search.js"
import type { AccountId, ChannelId } from "../../bridge/models.js"

export type Entry = {
  /** Names the message: a later entry of the same name takes its place. */
  readonly name: string
  readonly channel: ChannelId
  readonly author: AccountId
  readonly atMs: number
  readonly kind: SearchKind
  readonly text: string
}

/** Words are made when they are first looked at: most of what is on the disk never is. */
type Known = { readonly entry: Entry; words: string | null }

const MARKS = /\p{M}/gu
const BETWEEN_WORDS = /[^\p{L}\p{N}]+/gu

/** Words in small letters without accents, each after one space: a beginning is found by its space. */
export function folded(text: string): string {
  return ` ${text.toLowerCase().normalize("NFD").replace(MARKS, "").replaceAll("œ", "oe").replaceAll("æ", "ae").replace(BETWEEN_WORDS, " ").trim()}`
}

export class SearchIndex {
  private readonly known = new Map<string, Known>()
  /** Newest first; made again after something came. */
  private ordered: readonly Known[] | null = null

  get size(): number {
    return this.known.size
  }

  put(entry: Entry): void {
    this.known.set(entry.name, { entry, words: null })
    this.ordered = null
  }

  get(name: string): Entry | null {
    return this.known.get(name)?.entry ?? null
  }

  get entries(): readonly Entry[] {
    return Array.from(this.known.values(), ({ entry }) => entry)
  }

  remove(name: string): void {
    if (this.known.delete(name)) this.ordered = null
  }

  /** The newest messages whose words begin with all that was typed, and that pass the filter; nothing for nothing asked. */
  find(query: string, filter: SearchFilter, limit: number): readonly Entry[] {
    const sought = folded(query).split(" ").filter((word) => word !== "").map((word) => ` ${word}`)
    if (sought.length === 0 && Object.values(filter).every((value) => value === null)) return []
    this.ordered ??= [...this.known.values()].toSorted((one, other) => other.entry.atMs - one.entry.atMs)
    const found: Entry[] = []
    for (const known of this.ordered) {
      if (!passes(known.entry, filter)) continue
      const words = (known.words ??= folded(known.entry.text))
      if (!sought.every((word) => words.includes(word))) continue
      found.push(known.entry)
      if (found.length === limit) break
    }
    return found
  }
}

function passes(entry: Entry, { channels, author, kind, fromMs, toMs }: SearchFilter): boolean {
  if (channels !== null && !channels.includes(entry.channel)) return false
  if (author !== null && entry.author !== author) return false
  if (kind !== null && entry.kind !== kind) return false
  return (fromMs === null || entry.atMs >= fromMs) && (toMs === null || entry.atMs < toMs)
}
