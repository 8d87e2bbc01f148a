/** What the page may ask about discussions and what is sent in them. */
import type { SearchFilter, SearchPage } from "../search.js"
import type { AccountId, ChannelId, Draft, EnvelopeId, Intent, Message, MessageInfo, Patient, Preference, Target } from "../models.js"

export type Written = { readonly text: string; readonly replyTo: Target | null; readonly mentions: readonly AccountId[]; readonly intent: Intent }

export type ConversationsCommands = {
  /** Find or begin the direct discussion with a person. */
  openDirect: { request: { readonly account: AccountId }; reply: { readonly channel: ChannelId } }
  createGroup: { request: { readonly name: string; readonly members: readonly AccountId[] }; reply: { readonly channel: ChannelId } }
  addMembers: { request: { readonly channel: ChannelId; readonly members: readonly AccountId[]; readonly withPast: boolean }; reply: null }
  removeMember: { request: { readonly channel: ChannelId; readonly member: AccountId }; reply: null }
  renameGroup: { request: { readonly channel: ChannelId; readonly name: string }; reply: null }
  /** Make a member an administrator, or no longer. Refuses with `last_admin`. */
  setAdmin: { request: { readonly channel: ChannelId; readonly member: AccountId; readonly isAdmin: boolean }; reply: null }
  /** Leave a group; its last administrator hands it over. Refuses with `last_admin`. */
  leaveGroup: { request: { readonly channel: ChannelId; readonly handOverTo: AccountId | null }; reply: null }
  /** Preferences of this account: pinned on top, put away, silent. */
  setPreference: { request: { readonly channel: ChannelId; readonly preference: Partial<Preference> }; reply: null }
  /** From now on `discussion` events come for this channel; null when none is on screen. */
  watchDiscussion: { request: { readonly channel: ChannelId | null }; reply: null }
  /** The window of messages goes up, down, or to the end; it is told before the answer. */
  loadOlder: { request: { readonly channel: ChannelId }; reply: null }
  loadNewer: { request: { readonly channel: ChannelId }; reply: null }
  loadNewest: { request: { readonly channel: ChannelId }; reply: null }
  sendText: { request: { readonly channel: ChannelId } & Written; reply: { readonly envelope: EnvelopeId } }
  /** Give an own text other words. Refuses with `too_late`. */
  editMessage: {
    request: { readonly channel: ChannelId; readonly target: Target; readonly text: string; readonly mentions: readonly AccountId[] }
    reply: null
  }
  /** Withdraw an own message for everyone. Refuses with `too_late`. */
  withdrawMessage: { request: { readonly channel: ChannelId; readonly target: Target }; reply: null }
  /** One emoji in place of the one before; empty takes it back. */
  react: { request: { readonly channel: ChannelId; readonly target: Target; readonly emoji: string }; reply: null }
  /** See to what a message asks for, or give it back. */
  takeCharge: { request: { readonly channel: ChannelId; readonly target: Target; readonly isReleased: boolean }; reply: null }
  /** Say the words of a message in another discussion. */
  forward: { request: { readonly channel: ChannelId; readonly target: Target; readonly to: ChannelId }; reply: null }
  messageInfo: { request: { readonly channel: ChannelId; readonly target: Target }; reply: MessageInfo }
  /** Tie a discussion to a patient, or to nobody. */
  setPatient: { request: { readonly channel: ChannelId; readonly patient: Patient | null }; reply: null }
  /** How many days messages stay, at most what the deployment keeps. */
  setRetention: { request: { readonly channel: ChannelId; readonly days: number }; reply: null }
  /** A small JPEG or WebP for a group; empty for none. */
  setPicture: { request: { readonly channel: ChannelId; readonly picture: ArrayBuffer }; reply: null }
  groupPicture: { request: { readonly channel: ChannelId }; reply: { readonly picture: Uint8Array | null } }
  retry: { request: { readonly channel: ChannelId; readonly envelope: EnvelopeId }; reply: null }
  discard: { request: { readonly channel: ChannelId; readonly envelope: EnvelopeId }; reply: null }
  /** Messages on this device by their words. Asked again while it is not complete. */
  searchMessages: { request: { readonly query: string; readonly filter: SearchFilter }; reply: SearchPage }
  /** The window goes where this message is. Answers whether it is on this device. */
  loadAround: { request: { readonly channel: ChannelId; readonly target: Target }; reply: { readonly isHere: boolean } }
  /** The first message of this moment or later; null when there is none. */
  messageAt: { request: { readonly channel: ChannelId; readonly atMs: number }; reply: { readonly target: Target | null } }
  /** How many messages on this device are erased within three days; none where all of them always are. */
  vanishing: { request: { readonly channel: ChannelId }; reply: { readonly count: number } }
  /** What can be exported of a period, `toMs` not included. Refuses with `too_large` for more than 1,000 messages. */
  messagesBetween: { request: { readonly channel: ChannelId; readonly fromMs: number; readonly toMs: number }; reply: { readonly messages: readonly Message[] } }
  /** Who exports, as a file proves it. Written down; refuses with `fresh_sign_in_needed`. */
  releaseExport: { request: null; reply: { readonly proof: Uint8Array } }
  /** Over a SHA-256, once for each release. */
  signExport: { request: { readonly digest: ArrayBuffer }; reply: { readonly signature: Uint8Array } }
  saveDraft: { request: { readonly channel: ChannelId; readonly draft: Draft }; reply: null }
  typing: { request: { readonly channel: ChannelId }; reply: null }
  /** The person has seen everything up to this offset. */
  markRead: { request: { readonly channel: ChannelId; readonly offset: number }; reply: null }
}
