/** A notification was touched: it names no discussion, so where it leads is found here, once the lock is open. */
import { signal } from "@preact/signals"
import type { ChannelId, DiscussionSummary } from "../../bridge/models.js"

/** Until what was waiting is on the screen, or the person went elsewhere. */
export const woken = signal(false)

/** What is urgent comes first; one discussion that is unread opens, of several the list shows which. Null while none is. */
export function placeToOpen(discussions: readonly DiscussionSummary[]): ChannelId | null {
  const unread = discussions.filter((one) => one.unread > 0)
  const urgent = unread.filter(({ waiting }) => waiting === "urgent")
  const first = urgent.length > 0 ? urgent : unread.filter(({ preference }) => !preference.isMuted)
  return first.length === 1 ? (first[0]?.channel ?? null) : null
}
