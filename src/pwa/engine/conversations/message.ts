/** Messages as this device stores them, and as the page sees them. */
import type { AccountId, ChannelId, DeviceId, EnvelopeId, Message } from "../../bridge/models.js"
import { deliveryAt, type Channel } from "./channel.js"

/** What was sealed: kept to be opened when its key arrives, or to be offered again after the log was rebuilt. */
export type Sealed = { readonly header: Uint8Array; readonly sealed: Uint8Array }

export type StoredMessage = {
  /** Its name in the store: the same envelope is the same message, wherever it stands in the log. */
  readonly name: string
  readonly channel: ChannelId
  readonly envelope: EnvelopeId
  readonly author: AccountId
  readonly device: DeviceId
  readonly offset: number | null
  /** Order in the discussion: the offset, or between two offsets for what is told on this device only. */
  readonly place: number
  readonly sentAtMs: number
  readonly content: Message["content"]
  readonly original: Sealed | null
}

export const messageName = (channel: ChannelId, device: DeviceId, envelope: EnvelopeId): string =>
  `message:${channel}:${device}:${envelope}`

export function messageShown(stored: StoredMessage, channel: Channel, me: AccountId): Message {
  const mine = stored.author === me
  return {
    envelope: stored.envelope,
    offset: stored.offset,
    author: stored.author,
    mine,
    sentAtMs: stored.sentAtMs,
    content: stored.content,
    delivery: mine && stored.offset !== null ? deliveryAt(channel, me, stored.offset) : "sent",
    failure: null,
  }
}
