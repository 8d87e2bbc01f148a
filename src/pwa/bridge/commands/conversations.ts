/** What the page may ask about discussions and what is sent in them. */
import type { AccountId, ChannelId, EnvelopeId } from "../models.js"

export type ConversationsCommands = {
  /** Find or begin the direct discussion with a person. */
  openDirect: { request: { readonly account: AccountId }; reply: { readonly channel: ChannelId } }
  createGroup: { request: { readonly name: string; readonly members: readonly AccountId[] }; reply: { readonly channel: ChannelId } }
  addMembers: { request: { readonly channel: ChannelId; readonly members: readonly AccountId[]; readonly withPast: boolean }; reply: null }
  removeMember: { request: { readonly channel: ChannelId; readonly member: AccountId }; reply: null }
  /** From now on `discussion` events come for this channel; null when none is on screen. */
  watchDiscussion: { request: { readonly channel: ChannelId | null }; reply: null }
  loadOlder: { request: { readonly channel: ChannelId }; reply: null }
  sendText: { request: { readonly channel: ChannelId; readonly text: string }; reply: { readonly envelope: EnvelopeId } }
  retry: { request: { readonly channel: ChannelId; readonly envelope: EnvelopeId }; reply: null }
  discard: { request: { readonly channel: ChannelId; readonly envelope: EnvelopeId }; reply: null }
  saveDraft: { request: { readonly channel: ChannelId; readonly text: string }; reply: null }
  typing: { request: { readonly channel: ChannelId }; reply: null }
  /** The person has seen everything up to this offset. */
  markRead: { request: { readonly channel: ChannelId; readonly offset: number }; reply: null }
}
