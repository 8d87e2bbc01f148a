/** The device forgets what the log forgets: messages beyond retention go from the store, and it is said before. */
import type { ChannelId } from "../../bridge/models.js"
import type { Store } from "../store/store.js"
import type { Book } from "./book.js"
import { keptDays, sureDays, type Bounds, type Channel } from "./channel.js"
import { isWritten } from "./contents.js"
import { contentShown, type StoredMessage } from "./message.js"

const DAY_MS = 24 * 3_600_000
const PAGE = 100

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

/** What retention forgets on this device, and when. */
export class Retention {
  constructor(
    private readonly store: Store,
    private readonly book: Book,
    private readonly nowMs: () => number,
    private readonly bounds: () => Bounds,
    private readonly onForgotten: (channel: ChannelId, names: readonly string[]) => void,
  ) {}

  /** Everywhere: once in a while. */
  async forgetOld(): Promise<void> {
    for (const { channel } of this.book.all()) await this.forgetIn(channel)
  }

  /** This device has come to the end of the log: what an admin chose is sure, and what was over when it came goes. */
  async onHead(channel: ChannelId, hasMoved: boolean): Promise<void> {
    const wasUnsure = await this.book.turn(channel, async () => {
      const state = this.book.get(channel)
      if (state.hasUnsureDays !== true) return false
      await this.book.commit({ ...state, hasUnsureDays: false }, [])
      return true
    })
    if (hasMoved || wasUnsure) await this.forgetIn(channel)
  }

  private async forgetIn(channel: ChannelId): Promise<void> {
    const names = await forgetBefore(this.store, channel, this.nowMs(), sureDays(this.book.get(channel), this.bounds()))
    if (names.length > 0) this.onForgotten(channel, names)
  }
}
