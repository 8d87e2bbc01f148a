/** Discussions as the page sees them. */
import type { AccountId, Discussion, DiscussionSummary, DeviceId, Draft, Message, Person } from "../../bridge/models.js"
import { isDirect, isInbox } from "../ids.js"
import { NOTHING_SAID, withAct, type About } from "./acts.js"
import { waitingIn } from "./asks.js"
import { deliveryAt, isAdmin, keptDays, type Bounds, type Channel } from "./channel.js"
import { wordsOf } from "./contents.js"
import { departingShown, type Departing } from "./departing.js"
import { messageShown, nameOfTarget, type Quoting, type StoredMessage } from "./message.js"
import { pendingAct, pendingShown, type Pending } from "./pending.js"
import { hasNewer, type View } from "./views.js"

/** What a summary is made of beside the channel. */
export type Around = {
  readonly me: AccountId
  readonly person: (account: AccountId) => Person
  readonly isRefused: (account: AccountId) => boolean
  readonly pending: readonly Pending[]
  /** Messages whose photographs and files are on their way. */
  readonly departing: readonly Departing[]
  readonly device: DeviceId
}

const nothingQuoted: Quoting = () => null

/** A direct discussion that someone else began is shown once it says something. */
export function isShown(channel: Channel, { pending, departing }: Around, isOpen: boolean): boolean {
  if (isInbox(channel.channel) || channel.epoch === 0) return false
  return !isDirect(channel.channel) || channel.beganByMe || channel.last !== null || pending.length + departing.length > 0 || isOpen
}

export function summaryShown(channel: Channel, around: Around): DiscussionSummary {
  const { me, person, isRefused, pending, departing } = around
  const hasRefused = channel.members.some(({ account }) => account !== me && isRefused(account))
  const { patient, picture } = channel.agreements
  return {
    channel: channel.channel,
    isDirect: isDirect(channel.channel),
    name: channel.name,
    members: channel.members.map(({ account }) => person(account)),
    last: lastShown(channel, around),
    lastAtMs: Math.max(
      channel.lastAtMs,
      ...pending.map(({ writtenAtMs }) => writtenAtMs),
      ...departing.map(({ departure }) => departure.writtenAtMs),
    ),
    unread: channel.unread,
    preference: channel.preference,
    admins: channel.members.filter((member) => member.isAdmin).map(({ account }) => account),
    waiting: waitingIn(channel.asks, me),
    patient: patient?.value ?? null,
    picture: picture === null || picture.value.length === 0 ? null : picture.since,
    suspended: channel.isForked || hasRefused ? "identity" : null,
  }
}

/** What waits is newer than everything that the log has shown. */
function lastShown(channel: Channel, { me, device, pending, departing }: Around): DiscussionSummary["last"] {
  const waiting = [
    ...pending.map((one) => pendingShown(one, channel, me, nothingQuoted)),
    ...departing.map((one) => departingShown(one, me, device, nothingQuoted)),
  ].findLast((message) => message !== null)
  if (waiting != null) {
    const { content, delivery } = waiting
    return { author: me, mine: true, text: wordsOf(content), content: content.kind, delivery }
  }
  if (channel.last === null) return null
  const { author, text, kind, offset } = channel.last
  const mine = author === me
  return { author, mine, text, content: kind, delivery: mine ? deliveryAt(channel, me, offset) : "sent" }
}

/** What a whole discussion is made of beside its summary. */
export type Inside = {
  readonly view: View
  readonly quoting: Quoting
  readonly typing: readonly AccountId[]
  readonly draft: Draft
  readonly bounds: Bounds
}

export function discussionShown(channel: Channel, around: Around, inside: Inside): Discussion {
  const { view, quoting, typing, draft, bounds } = inside
  const { me, device, pending, departing } = around
  const about = withWaiting(channel, view, pending, me)
  const stored = view.messages.flatMap((one) => messageShown(one, channel, me, quoting, about(one)) ?? [])
  // A photograph that has arrived is shown by the log, also in the moment before its departure is forgotten.
  const known = new Set([...view.messages, ...pending].map(({ envelope }) => envelope))
  const waiting = [
    ...pending.flatMap((one) => pendingShown(one, channel, me, quoting) ?? []),
    ...departing.filter(({ departure }) => !known.has(departure.envelope)).map((one) => departingShown(one, me, device, quoting)),
  ]
  const messages: readonly Message[] = hasNewer(view) ? stored : [...stored, ...waiting]
  return {
    ...summaryShown(channel, around),
    messages,
    hasOlder: view.hasOlder,
    hasNewer: hasNewer(view),
    typing,
    unreadFrom: view.unreadFrom,
    missed: channel.missed ?? null,
    draft,
    retentionDays: keptDays(channel, bounds),
    longestDays: bounds.retentionDays,
    leastDays: bounds.retentionLeastDays ?? 1,
    isAdmin: isAdmin(channel, me),
  }
}

/** What is said about each message, what waits to be said included. */
function withWaiting(
  { channel }: Channel,
  view: View,
  pending: readonly Pending[],
  me: AccountId,
): (stored: StoredMessage) => About | undefined {
  const waiting = new Map<string, About>()
  const byName = new Map(view.messages.map((stored) => [stored.name, stored]))
  for (const one of pending) {
    const act = pendingAct(one, me)
    if (act === null) continue
    const name = nameOfTarget(channel, act.said.target)
    const before = waiting.get(name) ?? byName.get(name)?.about ?? NOTHING_SAID
    waiting.set(name, withAct(before, act))
  }
  return (stored) => waiting.get(stored.name) ?? stored.about
}
