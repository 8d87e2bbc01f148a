/** A long list of which only the lines near the reader are in the document, and in which nothing jumps. */
import { useLayoutEffect, useRef, useState } from "preact/hooks"
import { AnchoredScroll } from "./anchoredScroll.js"
import { endsOf, Heights, spanAbout, spanDue, spanOf, type Ends, type Span } from "./lineWindow.js"
import type { TimelineItem } from "./timelineModel.js"

type Refs = { readonly scroller: { current: HTMLDivElement | null }; readonly content: { current: HTMLDivElement | null }; readonly list: { current: HTMLOListElement | null } }

export type Lines = Refs & {
  readonly span: Span
  /** Heights of what is not drawn, above and below. */
  readonly above: number
  readonly below: number
  readonly isAtBottom: boolean
  readonly toBottom: () => void
  /** Brings a line to the middle and points at it. False when it has to be drawn first, or is not in the list. */
  readonly show: (key: string) => boolean
}

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

  const measure = () => {
    for (const line of refs.list.current?.children ?? []) {
      if (line instanceof HTMLElement) heights.learn(line.dataset["key"] ?? "", line.getBoundingClientRect().height)
    }
  }
  const draw = (next: Span) => {
    const { scroller, list } = refs
    const line = document.activeElement?.closest<HTMLElement>("[data-key]")
    const isLost = line != null && list.current?.contains(line) === true && !items.slice(next.first, next.last).some(({ key }) => key === line.dataset["key"])
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
    const due = spanDue(items, heights, span, top, top + box.clientHeight)
    if (due !== null) draw(due)
    onMoved({ top: box.scrollTop, bottom: box.scrollHeight - box.clientHeight - box.scrollTop })
  }
  const now = useRef({ measure, moved })
  now.current = { measure, moved }

  useLayoutEffect(() => {
    const { scroller, content } = refs
    if (scroller.current === null || content.current === null) return
    const anchored = new AnchoredScroll(scroller.current, content.current, {
      onMoved: () => now.current.moved(),
      onResized: () => now.current.measure(),
    })
    scroll.current = anchored
    anchored.toBottom()
    const line = anchored.lineOf(startAt)
    if (line !== null) anchored.startAt(line)
    return () => anchored.close()
  }, [])

  useLayoutEffect(() => {
    measure()
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
    above: heights.sum(items.slice(0, span.first)),
    below: heights.sum(items.slice(span.last)),
    isAtBottom,
    toBottom: () => scroll.current?.toBottom(),
    show,
  }
}
