/** Discussions as the page sees them. */
import type { AccountId, Discussion, DiscussionSummary, Message, Person } from "../../bridge/models.js"
import { isDirect, isInbox } from "../ids.js"
import { deliveryAt, isAdmin, type Channel } from "./channel.js"
import { messageShown } from "./message.js"
import { pendingShown, type Pending } from "./pending.js"
import type { View } from "./views.js"

/** What a summary is made of beside the channel. */
export type Around = {
  readonly me: AccountId
  readonly person: (account: AccountId) => Person
  readonly isRefused: (account: AccountId) => boolean
  readonly pending: readonly Pending[]
}

/** A direct discussion that someone else began is shown once it says something. */
export function isShown(channel: Channel, pending: readonly Pending[], isOpen: boolean): boolean {
  if (isInbox(channel.channel) || channel.epoch === 0) return false
  return !isDirect(channel.channel) || channel.beganByMe || channel.last !== null || pending.length > 0 || isOpen
}

export function summaryShown(channel: Channel, { me, person, isRefused, pending }: Around): DiscussionSummary {
  const hasRefused = channel.members.some(({ account }) => account !== me && isRefused(account))
  return {
    channel: channel.channel,
    isDirect: isDirect(channel.channel),
    name: channel.name,
    members: channel.members.map(({ account }) => person(account)),
    last: lastShown(channel, me, pending),
    lastAtMs: Math.max(channel.lastAtMs, ...pending.map(({ writtenAtMs }) => writtenAtMs)),
    unread: channel.unread,
    suspended: channel.isForked || hasRefused ? "identity" : null,
  }
}

/** What waits is newer than everything that the log has shown. */
function lastShown(channel: Channel, me: AccountId, pending: readonly Pending[]): DiscussionSummary["last"] {
  const waiting = pending.at(-1)
  if (waiting !== undefined) {
    const { content, delivery } = pendingShown(waiting, channel, me)
    return { author: me, mine: true, text: content.kind === "text" ? content.text : "", delivery }
  }
  if (channel.last === null) return null
  const { author, text, offset } = channel.last
  const mine = author === me
  return { author, mine, text, delivery: mine ? deliveryAt(channel, me, offset) : "sent" }
}

/** What a whole discussion is made of beside its summary. */
export type Inside = {
  readonly view: View
  readonly typing: readonly AccountId[]
  readonly draft: string
  readonly retentionDays: number
}

export function discussionShown(channel: Channel, around: Around, inside: Inside): Discussion {
  const { view, typing, draft, retentionDays } = inside
  const messages: readonly Message[] = [
    ...view.messages.map((stored) => messageShown(stored, channel, around.me)),
    ...around.pending.map((pending) => pendingShown(pending, channel, around.me)),
  ]
  return {
    ...summaryShown(channel, around),
    messages,
    hasOlder: view.hasOlder,
    typing,
    unreadFrom: view.unreadFrom,
    draft,
    retentionDays,
    isAdmin: isAdmin(channel, around.me),
  }
}
