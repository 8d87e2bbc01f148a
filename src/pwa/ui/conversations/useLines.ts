/** A long list of which only the lines near the reader are in the document, and in which nothing jumps. */
import { useLayoutEffect, useRef, useState } from "preact/hooks"
import { AnchoredScroll } from "./anchoredScroll.js"
import { endsOf, Heights, spanAbout, spanDue, spanOf, type Ends, type Span } from "./lineWindow.js"
import type { TimelineItem } from "./timelineModel.js"

type Refs = { readonly scroller: { current: HTMLDivElement | null }; readonly content: { current: HTMLDivElement | null }; readonly list: { current: HTMLOListElement | null } }

export type Lines = Refs & {
  readonly span: Span
  readonly isAtBottom: boolean
  readonly toBottom: () => void
  /** As after a move. */
  readonly look: () => void
  /** Brings a line to the middle and points at it. False when it has to be drawn first, or is not in the list. */
  readonly show: (key: string) => boolean
}

const always = () => true

type Near = { readonly top: number; readonly bottom: number }

/** `onMoved` is told how far the reader is from both ends of the list, after each move and each change. */
export function useLines(items: readonly TimelineItem[], startAt: string, onMoved: (near: Near) => void): Lines {
  const refs: Refs = { scroller: useRef<HTMLDivElement>(null), content: useRef<HTMLDivElement>(null), list: useRef<HTMLOListElement>(null) }
  const heights = useRef(new Heights()).current
  const scroll = useRef<AnchoredScroll | null>(null)
  const [isAtBottom, setAtBottom] = useState(true)
  const [ends, setEnds] = useState<Ends>(() => {
    const index = items.findIndex(({ key }) => key === startAt)
    return endsOf(items, spanAbout(items, index === -1 ? items.length : index))
  })
  const span = spanOf(items, ends)
  /** By how much the room above is smaller than the lines that are not drawn there: what was guessed wrong on the way. */
  const lent = useRef(0)

  /** The lines in the document are those of the span, one for one. */
  const measure = (isDue: (key: string) => boolean) => {
    const drawn = refs.list.current?.children
    items.slice(span.first, span.last).forEach(({ key }, index) => {
      if (isDue(key)) heights.learn(key, drawn?.[index]?.getBoundingClientRect().height ?? 0)
    })
  }
  const draw = (next: Span) => {
    const { scroller, list } = refs
    const stays = new Set(items.slice(next.first, next.last).map(({ key }) => key))
    // What has grown since it was drawn leaves as much room as it takes now.
    measure((key) => !stays.has(key))
    const line = document.activeElement?.closest<HTMLElement>("[data-key]")
    const isLost = line != null && list.current?.contains(line) === true && !stays.has(line.dataset["key"] ?? "")
    // The keyboard stays in the list when the line that it was in goes.
    if (isLost) scroller.current?.focus({ preventScroll: true })
    setEnds(endsOf(items, next))
  }
  const moved = () => {
    const [box, list] = [refs.scroller.current, refs.list.current]
    // Covered by another screen, nothing is laid out.
    if (box === null || list === null || scroll.current === null || box.clientHeight === 0) return
    setAtBottom(scroll.current.isAtBottom)
    const top = box.getBoundingClientRect().top - list.getBoundingClientRect().top
    const due = spanDue(items, heights, span, top + lent.current, top + lent.current + box.clientHeight)
    if (due !== null) draw(due)
    onMoved({ top: box.scrollTop, bottom: box.scrollHeight - box.clientHeight - box.scrollTop })
  }
  const now = useRef({ measure, moved })
  now.current = { measure, moved }

  useLayoutEffect(() => {
    const { scroller, content, list } = refs
    if (scroller.current === null || content.current === null || list.current === null) return
    const anchored = new AnchoredScroll(scroller.current, content.current, list.current, {
      onMoved: () => now.current.moved(),
      onResized: () => now.current.measure(always),
    })
    scroll.current = anchored
    anchored.toBottom()
    const line = anchored.lineOf(startAt)
    if (line !== null) anchored.startAt(line)
    return () => anchored.close()
  }, [])

  const told = useRef<readonly TimelineItem[] | null>(null)
  useLayoutEffect(() => {
    const isTold = told.current === items
    told.current = items
    const above = heights.sum(items.slice(0, span.first))
    // Never more than what is there, so that nothing is lent when the first line comes.
    const lend = (px: number) => {
      lent.current = Math.min(Math.max(px, -above), above)
      if (refs.list.current !== null) refs.list.current.style.paddingTop = `${above - lent.current}px`
    }
    lend(isTold ? lent.current : 0)
    if (refs.list.current !== null) refs.list.current.style.paddingBottom = `${heights.sum(items.slice(span.last))}px`
    measure(isTold ? (key) => !heights.isKnown(key) : always)
    // The lines that came have another height than was guessed: the room above gives it, and nothing moves or is painted anew.
    const shift = isTold ? (scroll.current?.shift ?? 0) : 0
    if (Math.abs(shift) >= 0.5) lend(lent.current + shift)
    scroll.current?.settle()
    moved()
  }, [items, ends])

  const show = (key: string): boolean => {
    const line = scroll.current?.lineOf(key) ?? null
    const index = items.findIndex((item) => item.key === key)
    if (line !== null) scroll.current?.show(line)
    else if (index !== -1) draw(spanAbout(items, index))
    return line !== null
  }
  return {
    ...refs,
    span,
    isAtBottom,
    toBottom: () => scroll.current?.toBottom(),
    look: () => now.current.moved(),
    show,
  }
}
