/** Notices of the own inbox, written by the server: hints, never believed without the signed structure behind. */
import type { AccountId, ChannelId } from "../bridge/models.js"
import { read } from "./crypto/msgpack.js"
import { isChannel, isId } from "./ids.js"

export type Notice =
  | { readonly kind: "conversation"; readonly channel: ChannelId }
  | { readonly kind: "removed"; readonly channel: ChannelId }
  | { readonly kind: "chain" | "activity" | "traces"; readonly account: AccountId }

/** Null for what this version does not know. */
export function decodeNotice(sealed: Uint8Array): Notice | null {
  const fields = fieldsOf(sealed)
  if (fields === null || fields[0] !== 1) return null
  const [, kind, subject] = fields
  if (typeof subject !== "string") return null
  if ((kind === "conversation" || kind === "removed") && isChannel(subject)) return { kind, channel: subject }
  return (kind === "chain" || kind === "activity" || kind === "traces") && isId(subject) ? { kind, account: subject as AccountId } : null
}

function fieldsOf(sealed: Uint8Array): readonly unknown[] | null {
  try {
    const value = read(sealed)
    return Array.isArray(value) ? (value as readonly unknown[]) : null
  } catch {
    return null
  }
}
