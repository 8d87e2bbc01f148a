/** Searching the messages of this device: what narrows it, what it finds. */
import type { AccountId, ChannelId, Target } from "./models.js"

export type SearchKind = "text" | "photo" | "file" | "voice" | "document"

/** What narrows a search; null for anything. `toMs` is not included. With a filter, nothing need be typed. */
export type SearchFilter = {
  readonly channels: readonly ChannelId[] | null
  readonly author: AccountId | null
  readonly kind: SearchKind | null
  readonly fromMs: number | null
  readonly toMs: number | null
}

export type SearchHit = { readonly channel: ChannelId; readonly target: Target; readonly author: AccountId; readonly atMs: number; readonly kind: SearchKind; readonly text: string }

/** The newest first. Until `isComplete` more may be found: `read` messages were looked at. */
export type SearchPage = { readonly hits: readonly SearchHit[]; readonly read: number; readonly isComplete: boolean }
