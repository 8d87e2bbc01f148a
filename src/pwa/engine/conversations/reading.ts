/** What the person has read: the mark goes forward, the count follows, the others are told. */
import type { AccountId, ChannelId, Target } from "../../bridge/models.js"
import type { Store } from "../store/store.js"
import type { Book } from "./book.js"
import type { Channel } from "./channel.js"
import { isWritten, shownFrom } from "./contents.js"
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

const LOOKED_AT = 50

/** The first message of this moment or later: places grow with time, so that a few readings find it among thousands. */
export async function messageAt(store: Store, channel: ChannelId, end: number, atMs: number): Promise<Target | null> {
  let [low, high] = [0, end + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const [found] = await store.messagesFrom<StoredMessage>(channel, middle, 1)
    if (found === undefined || found.sentAtMs >= atMs) high = middle
    else low = Math.floor(found.place) + 1
  }
  const page = await store.messagesFrom<StoredMessage>(channel, low, LOOKED_AT)
  const first = page.find(({ content, sentAtMs }) => sentAtMs >= atMs && shownFrom(content) !== null)
  return first === undefined ? null : { device: first.device, envelope: first.envelope }
}
