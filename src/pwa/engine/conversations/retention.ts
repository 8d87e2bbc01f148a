/** The device forgets what the log forgets: messages beyond retention go from the store, and it is said before. */
import type { ChannelId } from "../../bridge/models.js"
import type { Store } from "../store/store.js"
import { keptDays, type Bounds, type Channel } from "./channel.js"
import { isWritten } from "./contents.js"
import { contentShown, type StoredMessage } from "./message.js"

const DAY_MS = 24 * 3_600_000
const PAGE = 100

export type Forgotten = { readonly channel: ChannelId; readonly names: readonly string[] }

/** Remove a channel's messages from before the horizon. Answers their names. */
async function forgetBefore(store: Store, channel: ChannelId, nowMs: number, days: number): Promise<readonly string[]> {
  const horizonMs = nowMs - days * DAY_MS
  const removed: string[] = []
  // Most days there is nothing to forget: the oldest message alone says so, in every discussion at each opening.
  for (let limit = 1; ; limit = PAGE) {
    const oldest = await store.oldestMessages<StoredMessage>(channel, limit)
    const past = oldest.filter((stored) => stored.sentAtMs < horizonMs).map(({ name }) => name)
    if (past.length === 0) return removed
    await store.write(await store.removeMessages(past))
    removed.push(...past)
    if (past.length < oldest.length) return removed
  }
}

const ANNOUNCED_DAYS = 3

/**
 * How many messages are erased within three days; none where all of them always are. Reads what goes and no more: the
 * oldest first, up to the first that stays.
 */
export async function countVanishing(store: Store, state: Channel, nowMs: number, bounds: Bounds): Promise<number> {
  const days = keptDays(state, bounds)
  if (days <= ANNOUNCED_DAYS) return 0
  const staysFromMs = nowMs - (days - ANNOUNCED_DAYS) * DAY_MS
  for (let [count, above] = [0, -Infinity]; ; ) {
    const page = await store.messagesAbove<StoredMessage>(state.channel, above, PAGE)
    const going = page.filter((stored) => stored.sentAtMs < staysFromMs)
    count += going.filter(isCounted).length
    if (going.length < PAGE) return count
    above = page.at(-1)?.place ?? Infinity
  }
}

function isCounted(stored: StoredMessage): boolean {
  const content = contentShown(stored, stored.about)
  return stored.offset !== null && content !== null && content.kind !== "unsupported" && isWritten(content)
}

/** The same for each of these channels, by what it keeps. Answers those that changed. */
export async function forgetOld(store: Store, channels: readonly Channel[], nowMs: number, bounds: Bounds): Promise<readonly Forgotten[]> {
  const changed: Forgotten[] = []
  for (const state of channels) {
    const names = await forgetBefore(store, state.channel, nowMs, keptDays(state, bounds))
    if (names.length > 0) changed.push({ channel: state.channel, names })
  }
  return changed
}
