/** An envelope on its way: stored before it is sent, kept until the log shows it back. */
import type { AccountId, ChannelId, DeviceId, EnvelopeId, Message } from "../../bridge/models.js"
import type { Said } from "../crypto/contents/types.js"
import type { FailureCode } from "../../bridge/commands.js"
import type { Act } from "./acts.js"
import { deliveryAt, reachAt, type Channel } from "./channel.js"
import { isAct, isSilent, NO_CONTEXT, shownFrom, storedFrom } from "./contents.js"
import { quoteOf, type Quoting, type Sealed } from "./message.js"

export type Pending = {
  readonly channel: ChannelId
  readonly envelope: EnvelopeId
  readonly device: DeviceId
  readonly said: Said
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

/** As the page sees it; null for what is seen on another message, unless it failed. */
export function pendingShown(pending: Pending, channel: Channel, me: AccountId, quoting: Quoting): Message | null {
  const { accepted, failure, said } = pending
  const { content, context } = isSilent(said) ? { content: null, context: NO_CONTEXT } : storedFrom(said)
  const shown = content !== null ? shownFrom(content) : failure !== null ? ({ kind: "change" } as const) : null
  if (shown === null) return null
  return {
    envelope: pending.envelope,
    device: pending.device,
    offset: accepted?.offset ?? null,
    author: me,
    mine: true,
    sentAtMs: accepted?.atMs ?? pending.writtenAtMs,
    content: shown,
    reply: quoteOf(context.replyTo, quoting),
    mentions: context.mentions,
    intent: context.intent,
    isForwarded: context.isForwarded,
    editedAtMs: null,
    reactions: [],
    taken: [],
    changeableUntilMs: 0,
    delivery: failure !== null ? "failed" : accepted !== null ? deliveryAt(channel, me, accepted.offset) : "waiting",
    reach: accepted !== null ? reachAt(channel, me, accepted.offset) : null,
    failure,
  }
}

/** What waits to be said about another message is seen there at once: it ranks above everything the log has shown. */
export function pendingAct(pending: Pending, me: AccountId): Act | null {
  const { said, failure, counter, accepted, writtenAtMs } = pending
  if (!isAct(said) || failure !== null) return null
  return { by: me, rank: [Number.MAX_SAFE_INTEGER, counter], atMs: accepted?.atMs ?? writtenAtMs, said }
}
