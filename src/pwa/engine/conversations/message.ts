/** Messages as this device stores them, and as the page sees them. */
import type { AccountId, ChannelId, DeviceId, EnvelopeId, Message, Quote, Target } from "../../bridge/models.js"
import { EDITABLE_MS } from "../crypto/contents/messages.js"
import { newEnvelope } from "../ids.js"
import { NOTHING_SAID, seen, type About } from "./acts.js"
import { deliveryAt, reachAt, type Channel } from "./channel.js"
import { NO_CONTEXT, shownFrom, type Context, type StoredContent } from "./contents.js"

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
  readonly content: StoredContent
  readonly context?: Context
  readonly about?: About
  readonly original: Sealed | null
}

export const messageName = (channel: ChannelId, device: DeviceId, envelope: EnvelopeId): string =>
  `message:${channel}:${device}:${envelope}`

export const nameOfTarget = (channel: ChannelId, { device, envelope }: Target): string => messageName(channel, device, envelope)

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

/** A message that is here, by its target. */
export type Quoting = (target: Target) => StoredMessage | null

/** As the page sees it; null when there is nothing to see. `about` is what is said about it, what waits included. */
export function messageShown(stored: StoredMessage, channel: Channel, me: AccountId, quoting: Quoting, about = stored.about): Message | null {
  const { envelope, device, offset, author, sentAtMs, context = NO_CONTEXT } = stored
  const content = contentShown(stored, about)
  if (content === null) return null
  const mine = author === me
  const { edit, reactions, taken } = seen(about ?? NOTHING_SAID, author, sentAtMs)
  const isDeleted = content.kind === "deleted"
  const canChange = mine && offset !== null && stored.original !== null && !isDeleted
  return {
    envelope,
    device,
    offset,
    author,
    mine,
    sentAtMs,
    content,
    reply: isDeleted ? null : quoteOf(context.replyTo, quoting),
    mentions: edit?.mentions ?? context.mentions,
    intent: context.intent,
    isForwarded: context.isForwarded,
    editedAtMs: isDeleted ? null : (edit?.atMs ?? null),
    reactions: isDeleted ? [] : reactions,
    taken,
    changeableUntilMs: canChange ? sentAtMs + EDITABLE_MS : 0,
    delivery: mine && offset !== null ? deliveryAt(channel, me, offset) : "sent",
    reach: mine && offset !== null ? reachAt(channel, me, offset) : null,
    failure: null,
  }
}

/** What it says now: edited, withdrawn, or as it was. */
export function contentShown({ content, author, sentAtMs }: StoredMessage, about: About | undefined): Message["content"] | null {
  const shown = shownFrom(content)
  if (shown === null || about === undefined) return shown
  const { edit, isDeleted } = seen(about, author, sentAtMs)
  if (isDeleted) return { kind: "deleted" }
  return edit !== null && shown.kind === "text" ? { kind: "text", text: edit.text } : shown
}

export function quoteOf(target: Target | null, quoting: Quoting): Quote | null {
  if (target === null) return null
  const stored = quoting(target)
  const content = stored === null ? null : contentShown(stored, stored.about)
  return { target, quoted: stored === null || content === null ? null : { author: stored.author, content } }
}
