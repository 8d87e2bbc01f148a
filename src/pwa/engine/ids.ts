/** Identifiers: 16 random bytes as 22 characters; a channel has its kind as one letter in front. */
import type { AccountId, BlobId, ChannelId, DeviceId, EnvelopeId } from "../bridge/models.js"
import { randomBytes, toBase64, utf8 } from "./bytes.js"

const ID = /^[A-Za-z0-9_-]{21}[AQgw]$/
const CHANNEL = /^[cdi][A-Za-z0-9_-]{21}[AQgw]$/

export const isId = (text: string): boolean => ID.test(text)
export const isChannel = (text: string): text is ChannelId => CHANNEL.test(text)

/** 16 random bytes as text; none begins with a hyphen, which a command line would read as an option. */
function newId(): string {
  for (;;) {
    const text = toBase64(randomBytes(16))
    if (!text.startsWith("-")) return text
  }
}

export const newAccount = (): AccountId => newId() as AccountId
export const newDevice = (): DeviceId => newId() as DeviceId
export const newEnvelope = (): EnvelopeId => newId() as EnvelopeId
export const newBlob = (): BlobId => newId() as BlobId
export const newGroup = (): ChannelId => `c${newId()}` as ChannelId
export const inboxOf = (account: AccountId): ChannelId => `i${account}` as ChannelId

export const isDirect = (channel: ChannelId): boolean => channel.startsWith("d")
export const isInbox = (channel: ChannelId): boolean => channel.startsWith("i")

/** The one direct conversation of two accounts, whoever starts it. */
export async function directChannel(one: AccountId, other: AccountId): Promise<ChannelId> {
  const [first, second] = one < other ? [one, other] : [other, one]
  const digest = await crypto.subtle.digest("SHA-256", utf8(`lien/v1/direct\0${first}\0${second}`))
  return `d${toBase64(new Uint8Array(digest).subarray(0, 16))}` as ChannelId
}
