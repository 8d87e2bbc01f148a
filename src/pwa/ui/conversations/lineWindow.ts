/** Which lines of a long list are in the document: those near what is seen. Pure; heights in pixels. */
import type { TimelineItem } from "./timelineModel.js"

/** The lines from `first` to before `last`. */
export type Span = { readonly first: number; readonly last: number }

/** A span by the names of its ends, which stay when lines come above; null is the end of the list, whatever comes. */
export type Ends = { readonly first: string; readonly last: string | null }

/**
 * How far beyond what is seen lines are drawn, and when it is time to draw more: a few lines at almost every frame of
 * the fastest fling, because many lines at once take longer than a frame.
 */
const drawnPx = 1_000
const dueAtPx = 900
const mostWaste = 2
/** Lines drawn where nothing is measured yet. */
const firstLines = 40

export class Heights {
  private readonly known = new Map<string, number>()

  isKnown(key: string): boolean {
    return this.known.has(key)
  }

  /** What was measured, or a guess. */
  of(item: TimelineItem): number {
    return this.known.get(item.key) ?? guess(item)
  }

  learn(key: string, height: number): void {
    if (height > 0) this.known.set(key, height)
  }

  sum(items: readonly TimelineItem[]): number {
    return items.reduce((sum, item) => sum + this.of(item), 0)
  }
}

function guess(item: TimelineItem): number {
  if (item.kind !== "bubble") return 48
  const { content } = item.message
  if (content.kind === "media") return 220
  return 42 + (content.kind === "text" ? 23 * Math.floor(content.text.length / 38) : 0)
}

/** The lines that touch what lies between two heights, both from the top of the list. */
export function spanBetween(items: readonly TimelineItem[], heights: Heights, top: number, bottom: number): Span {
  let [first, last, y, index] = [items.length, 0, 0, 0]
  for (const item of items) {
    if (y > bottom) break
    y += heights.of(item)
    if (y >= top) [first, last] = [Math.min(first, index), index + 1]
    index += 1
  }
  return first < last ? { first, last } : { first: Math.max(0, items.length - 1), last: items.length }
}

/** The span to draw when this is seen; null while the one that is drawn will do. */
export function spanDue(items: readonly TimelineItem[], heights: Heights, drawn: Span, top: number, bottom: number): Span | null {
  const needed = spanBetween(items, heights, top - dueAtPx, bottom + dueAtPx)
  const isCovered = drawn.first <= needed.first && drawn.last >= needed.last
  const isWasteful = drawn.last - drawn.first > mostWaste * (needed.last - needed.first)
  return isCovered && !isWasteful ? null : spanBetween(items, heights, top - drawnPx, bottom + drawnPx)
}

export function endsOf(items: readonly TimelineItem[], { first, last }: Span): Ends {
  return { first: items[first]?.key ?? "", last: last >= items.length ? null : (items[last - 1]?.key ?? null) }
}

/** The span with these ends; where one is gone, what stands about the other, else the end. */
export function spanOf(items: readonly TimelineItem[], ends: Ends): Span {
  const first = items.findIndex(({ key }) => key === ends.first)
  const last = ends.last === null ? items.length : items.findIndex(({ key }) => key === ends.last) + 1
  if (first !== -1 && last > first) return { first, last }
  if (first !== -1) return { first, last: Math.min(items.length, first + firstLines) }
  const end = last === 0 ? items.length : last
  return { first: Math.max(0, end - firstLines), last: end }
}

/** Some lines about this one. */
export function spanAbout(items: readonly TimelineItem[], index: number): Span {
  return { first: Math.max(0, index - firstLines / 2), last: Math.min(items.length, index + firstLines / 2) }
}
