/** From messages to what is drawn: days, the line of what is new, notices, and bubbles grouped by author and minute. */
import type { Discussion, Message } from "../../bridge/models.js"
import { isBubble } from "./messageModel.js"
import { daysBetween } from "../i18n/times.js"

export type TimelineItem =
  | { readonly kind: "day"; readonly key: string; readonly atMs: number }
  | { readonly kind: "new"; readonly key: string }
  | { readonly kind: "notice"; readonly key: string; readonly message: Message }
  | { readonly kind: "bubble"; readonly key: string; readonly message: Message; readonly isFirst: boolean; readonly isLast: boolean }

const minuteOf = (message: Message): number => Math.floor(message.sentAtMs / 60_000)

/** A failed message stands alone, because it carries its own reason and buttons. */
function isSameGroup(a: Message | undefined, b: Message | undefined): boolean {
  if (a === undefined || b === undefined) return false
  if (!isBubble(a) || !isBubble(b)) return false
  if (a.delivery === "failed" || b.delivery === "failed") return false
  return a.author === b.author && minuteOf(a) === minuteOf(b)
}

const isFirstUnread = (message: Message, unreadFrom: number | null): boolean =>
  unreadFrom !== null && message.offset !== null && message.offset >= unreadFrom && !message.mine

export function buildTimeline(messages: readonly Message[], unreadFrom: number | null): readonly TimelineItem[] {
  const items: TimelineItem[] = []
  let hasLine = false
  messages.forEach((message, index) => {
    const before = messages[index - 1]
    const after = messages[index + 1]
    const isNewDay = before === undefined || daysBetween(before.sentAtMs, message.sentAtMs) !== 0
    const startsNew = !hasLine && isFirstUnread(message, unreadFrom)
    if (isNewDay) items.push({ kind: "day", key: `day ${message.envelope}`, atMs: message.sentAtMs })
    if (startsNew) {
      hasLine = true
      items.push({ kind: "new", key: "new" })
    }
    if (!isBubble(message)) {
      items.push({ kind: "notice", key: message.envelope, message })
      return
    }
    const breaksAfter = after !== undefined && (daysBetween(message.sentAtMs, after.sentAtMs) !== 0 || (!hasLine && isFirstUnread(after, unreadFrom)))
    items.push({
      kind: "bubble",
      key: message.envelope,
      message,
      isFirst: isNewDay || startsNew || !isSameGroup(before, message),
      isLast: breaksAfter || !isSameGroup(message, after),
    })
  })
  return items
}

/** Highest offset among what others wrote: what reading to the end confirms. */
export function lastOffset(messages: readonly Message[]): number | null {
  return messages.reduce<number | null>(
    (highest, { offset, mine }) => (mine || offset === null || (highest !== null && highest >= offset) ? highest : offset),
    null,
  )
}

const dayMs = 86_400_000

/** Whether to say that something went by unseen: until what followed it is erased as well. */
export function isToldMissed({ missed, retentionDays }: Pick<Discussion, "missed" | "retentionDays">, nowMs: number): boolean {
  return missed !== null && (missed.nextAtMs === null || missed.nextAtMs + retentionDays * dayMs > nowMs)
}
