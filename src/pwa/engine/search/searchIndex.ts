/**
 * Words of every message, for finding them: accents, case and word beginnings do not matter.
 *
 * It exists in memory only, while the store is open, and is read from the sealed messages: nothing that could be read
 * is ever added to the disk, and a new device has it as soon as it has the messages.
 */
import type { SearchFilter } from "../../bridge/search.js"
import type { AccountId, ChannelId } from "../../bridge/models.js"

export type Entry = {
  /** Names the message: a later entry of the same name takes its place. */
  readonly name: string
  readonly channel: ChannelId
  readonly author: AccountId
  readonly atMs: number
  readonly kind: string
  readonly text: string
}

type Known = Entry & { readonly words: string }

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
    this.known.set(entry.name, { ...entry, words: folded(entry.text) })
    this.ordered = null
  }

  remove(name: string): void {
    if (this.known.delete(name)) this.ordered = null
  }

  clear(): void {
    this.known.clear()
    this.ordered = null
  }

  /** The newest messages whose words begin with all that was typed, and that pass the filter. */
  find(query: string, filter: SearchFilter, limit: number): readonly Entry[] {
    const sought = folded(query).split(" ").filter((word) => word !== "").map((word) => ` ${word}`)
    if (sought.length === 0) return []
    this.ordered ??= [...this.known.values()].toSorted((one, other) => other.atMs - one.atMs)
    const found: Entry[] = []
    for (const entry of this.ordered) {
      if (!passes(entry, filter) || !sought.every((word) => entry.words.includes(word))) continue
      found.push(entry)
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
