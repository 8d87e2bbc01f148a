/** What this device knows of one channel, as a value: where it is in the log, who is in, what was read. */
import type { AccountId, ChannelId, Delivery, DeviceId, EnvelopeId, MessageContent, Preference } from "../../bridge/models.js"
import type { Ask } from "./asks.js"
import { NOTHING_DECLARED, type Declared } from "./availability.js"
import { NO_AGREEMENTS, type Agreements } from "./agreements.js"

export type Member = { readonly account: AccountId; readonly isAdmin: boolean }

/** How far the devices of a member, and the member, have come. */
export type Marks = { readonly delivered: number; readonly read: number }

export type Last = {
  readonly author: AccountId
  readonly device: DeviceId
  readonly envelope: EnvelopeId
  readonly text: string
  readonly kind: MessageContent["kind"]
  readonly offset: number
}

/** Erased, or said without this account, before this device asked for it. */
export type Missed = {
  readonly toOffset: number
  /** When what followed it was said; null while nothing has. */
  readonly nextAtMs: number | null
}

export type Channel = {
  readonly channel: ChannelId
  /** The cursor: everything up to here is stored on this device. */
  readonly incarnation: number
  readonly offset: number
  /** From the latest statement; epoch 0 means that none was read yet. */
  readonly epoch: number
  readonly members: readonly Member[]
  readonly name: string
  readonly beganByMe: boolean
  /** How many envelopes this device has sent here. */
  readonly sent: number
  readonly readOffset: number
  readonly unread: number
  readonly marks: { readonly [account: AccountId]: Marks }
  readonly last: Last | null
  readonly lastAtMs: number
  /** What still waits for someone here, the oldest first. */
  readonly asks: readonly Ask[]
  readonly agreements: Agreements
  /** What each member last said here of when they can be counted on. */
  readonly declared: Declared
  readonly preference: Preference
  /** What went by while this device was away, where something did. */
  readonly missed?: Missed
  /** An admin's choice of days was read and the end of the log was not: a later one may take it back. */
  readonly hasUnsureDays?: boolean
  /** Something came that could not be opened: it is tried again when a key comes. */
  readonly hasSealed?: boolean
  /** Someone spoke under another statement for the same epoch: the server shows two histories. */
  readonly isForked: boolean
}

export function newChannel(channel: ChannelId): Channel {
  return {
    channel,
    incarnation: 0,
    offset: 0,
    epoch: 0,
    members: [],
    name: "",
    beganByMe: false,
    sent: 0,
    readOffset: 0,
    unread: 0,
    marks: {},
    last: null,
    lastAtMs: 0,
    asks: [],
    agreements: NO_AGREEMENTS,
    declared: NOTHING_DECLARED,
    preference: { isPinned: false, isArchived: false, isMuted: false, isUnread: false },
    isForked: false,
  }
}

/** What a device does with something at a position of the log. */
export type Place = "next" | "repeat" | "missing"

/** Where `from` stands against the cursor. A channel never read takes any incarnation; another one needs a Resume. */
export function placeOf(channel: Channel, incarnation: number, from: number): Place {
  if (channel.incarnation !== 0 && incarnation !== channel.incarnation) return "missing"
  return from <= channel.offset ? "repeat" : from === channel.offset + 1 ? "next" : "missing"
}

/** The cursor after everything up to `offset` is stored. */
export function movedTo(channel: Channel, incarnation: number, offset: number): Channel {
  return { ...channel, incarnation, offset }
}

/** The cursor behind an entry, which ends what was missed. */
export function cameTo(channel: Channel, entry: { readonly incarnation: number; readonly offset: number; readonly atMs: number }): Channel {
  const { missed } = channel
  const ended = missed?.nextAtMs === null ? { missed: { ...missed, nextAtMs: entry.atMs } } : {}
  return { ...movedTo(channel, entry.incarnation, entry.offset), ...ended }
}

/** The cursor behind what is not there any more. Who had not followed this channel before has missed nothing. */
export function skippedTo(channel: Channel, incarnation: number, toOffset: number, me: AccountId): Channel {
  const wasFollowed = channel.offset > 0 && isMember(channel, me)
  return { ...movedTo(channel, incarnation, toOffset), ...(wasFollowed ? { missed: { toOffset, nextAtMs: null } } : {}) }
}

/** The log was rebuilt and holds nothing above `offset`: positions above are given up. */
export function resetTo(channel: Channel, incarnation: number, offset: number): Channel {
  const clamped = Object.entries(channel.marks).map(([account, { delivered, read }]): [string, Marks] => [
    account,
    { delivered: Math.min(delivered, offset), read: Math.min(read, offset) },
  ])
  return {
    ...channel,
    incarnation,
    offset: Math.min(channel.offset, offset),
    readOffset: Math.min(channel.readOffset, offset),
    marks: Object.fromEntries<Marks>(clamped),
  }
}

/** Someone's devices, or someone, came up to `offset`. Marks only go forward. */
export function marked(channel: Channel, account: AccountId, level: 1 | 2, offset: number): Channel {
  const { delivered, read } = channel.marks[account] ?? { delivered: 0, read: 0 }
  const marks = {
    delivered: Math.max(delivered, offset),
    read: level === 2 ? Math.max(read, offset) : read,
  }
  if (marks.delivered === delivered && marks.read === read) return channel
  return { ...channel, marks: { ...channel.marks, [account]: marks } }
}

/** A message was stored. Messages of others above the read mark are unread. */
export function withMessage(channel: Channel, last: Last, atMs: number, isMine: boolean): Channel {
  const isUnread = !isMine && last.offset > channel.readOffset
  return { ...channel, last, lastAtMs: Math.max(channel.lastAtMs, atMs), unread: channel.unread + (isUnread ? 1 : 0) }
}

/** The person has opened it: what they marked by hand is over. */
export function seen(channel: Channel): Channel {
  return channel.preference.isUnread ? { ...channel, preference: { ...channel.preference, isUnread: false } } : channel
}

/** How long a deployment keeps messages, and the least that a discussion may choose; both in days. */
export type Bounds = { readonly retentionDays: number; readonly retentionLeastDays?: number }

/** How many days this device and the server keep what is said here. */
export function keptDays({ agreements }: Channel, { retentionDays, retentionLeastDays = 1 }: Bounds): number {
  return Math.min(retentionDays, Math.max(retentionLeastDays, agreements.retentionDays?.value ?? retentionDays))
}

/** The same for what is about to be erased for good: a choice that a later one may take back erases nothing. */
export function sureDays(channel: Channel, bounds: Bounds): number {
  return channel.hasUnsureDays === true ? bounds.retentionDays : keptDays(channel, bounds)
}

/** How many of the others have come so far. */
export function reachAt(channel: Channel, me: AccountId, offset: number): { readonly delivered: number; readonly read: number; readonly of: number } {
  const others = channel.members.filter((member) => member.account !== me)
  const count = (mark: keyof Marks): number => others.filter(({ account }) => (channel.marks[account]?.[mark] ?? 0) >= offset).length
  return { delivered: count("delivered"), read: count("read"), of: others.length }
}

/** The weakest state over all other members: delivered when all have it, read when all have read it. */
export function deliveryAt(channel: Channel, me: AccountId, offset: number): Delivery {
  const others = channel.members.filter((member) => member.account !== me)
  const all = (mark: keyof Marks): boolean =>
    others.length > 0 && others.every(({ account }) => (channel.marks[account]?.[mark] ?? 0) >= offset)
  return all("read") ? "read" : all("delivered") ? "delivered" : "sent"
}

export const isMember = (channel: Channel, account: AccountId): boolean =>
  channel.members.some((member) => member.account === account)

export const isAdmin = (channel: Channel, account: AccountId): boolean =>
  channel.members.some((member) => member.account === account && member.isAdmin)
