/** An envelope on its way: stored before it is sent, kept until the log shows it back. */
import type { AccountId, ChannelId, DeviceId, EnvelopeId, Message } from "../../bridge/models.js"
import type { FailureCode } from "../../bridge/commands.js"
import { deliveryAt, type Channel } from "./channel.js"
import type { Sealed } from "./message.js"

export type Pending = {
  readonly channel: ChannelId
  readonly envelope: EnvelopeId
  readonly device: DeviceId
  readonly text: string
  /** Which envelope of this device in this channel it is. */
  readonly counter: number
  readonly writtenAtMs: number
  /** The bytes that are sent, the same at every try; null until there is a key to seal with. */
  readonly original: Sealed | null
  /** Where the server says that it stands. */
  readonly accepted: { readonly offset: number; readonly atMs: number } | null
  /** Why it waits for the person. */
  readonly failure: FailureCode | null
}

export const pendingName = (channel: ChannelId, envelope: EnvelopeId): string => `pending:${channel}:${envelope}`

export function pendingShown(pending: Pending, channel: Channel, me: AccountId): Message {
  const { accepted, failure } = pending
  return {
    envelope: pending.envelope,
    offset: accepted?.offset ?? null,
    author: me,
    mine: true,
    sentAtMs: accepted?.atMs ?? pending.writtenAtMs,
    content: { kind: "text", text: pending.text },
    delivery: failure !== null ? "failed" : accepted !== null ? deliveryAt(channel, me, accepted.offset) : "waiting",
    failure,
  }
}
