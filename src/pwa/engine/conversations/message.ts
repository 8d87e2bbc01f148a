/** Messages as this device stores them, and as the page sees them. */
import type { AccountId, ChannelId, DeviceId, EnvelopeId, Message } from "../../bridge/models.js"
import { newEnvelope } from "../ids.js"
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

/** A contact has a new device: told on this device only, after everything that is here already. */
export function deviceNotice(channel: Channel, account: AccountId, device: DeviceId, nowMs: number): StoredMessage {
  return {
    name: `device:${channel.channel}:${device}`,
    channel: channel.channel,
    envelope: newEnvelope(),
    author: account,
    device,
    offset: null,
    place: channel.offset + 0.5,
    sentAtMs: nowMs,
    content: { kind: "new-device", account },
    original: null,
  }
}

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
