/** What the person has read: the mark goes forward, the count follows, the others are told. */
import type { AccountId, ChannelId } from "../../bridge/models.js"
import type { Store } from "../store/store.js"
import type { Book } from "./book.js"
import type { Channel } from "./channel.js"
import { isWritten } from "./contents.js"
import type { StoredMessage } from "./message.js"

/** Everything up to `offset` is read. Answers the channel, or null when that was known. */
export function markRead(
  book: Book,
  store: Store,
  channel: ChannelId,
  offset: number,
  me: AccountId,
): Promise<Channel | null> {
  return book.turn(channel, async () => {
    const state = book.find(channel)
    const readOffset = Math.min(offset, state?.offset ?? 0)
    if (state === null || readOffset <= state.readOffset) return null
    const read = { ...state, readOffset, unread: await unreadAbove(store, state, readOffset, me) }
    await book.commit(read)
    return read
  })
}

async function unreadAbove(store: Store, state: Channel, readOffset: number, me: AccountId): Promise<number> {
  if (state.last === null || state.last.offset <= readOffset) return 0
  const above = await store.messages<StoredMessage>(state.channel, readOffset, Infinity)
  return above.filter((stored) => isUnread(stored, readOffset, me)).length
}

/** Notices of the discussion are shown, not counted. */
function isUnread({ author, offset, content }: StoredMessage, readOffset: number, me: AccountId): boolean {
  return isWritten(content) && author !== me && offset !== null && offset > readOffset
}
