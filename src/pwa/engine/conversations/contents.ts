/**
 * What is said, as this device stores it, shows it and would say it again. A new type of content is one more case in
 * each function here.
 */
import type { AccountId, Intent, MessageContent, Target } from "../../bridge/models.js"
import type { Availability } from "../crypto/contents/availability.js"
import type { SharedDocument } from "../crypto/contents/document.js"
import { INFO, type Text } from "../crypto/contents/messages.js"
import type { Media } from "../crypto/contents/media.js"
import type { Settings } from "../crypto/contents/settings.js"
import type { Said } from "../crypto/contents/types.js"
import type { ActSaid } from "./acts.js"
import { documentMessage } from "./documentMessage.js"
import { mediaShown } from "./mediaShown.js"

export type StoredContent =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "members"; readonly added: readonly AccountId[]; readonly removed: readonly AccountId[] }
  | { readonly kind: "new-device"; readonly account: AccountId }
  | { readonly kind: "unsupported" }
  | { readonly kind: "media"; readonly said: Media }
  | { readonly kind: "document"; readonly said: SharedDocument }
  | { readonly kind: "settings"; readonly said: Settings }
  /** Said by this device about another message or about its person: kept to be offered again, never shown by itself. */
  | { readonly kind: "act"; readonly said: Silent }
  /** Something was said about a message that is not here, or not any more. */
  | { readonly kind: "absent" }

/** What goes with whatever a person sends. */
export type Context = {
  readonly replyTo: Target | null
  readonly mentions: readonly AccountId[]
  readonly intent: Intent
  readonly isForwarded: boolean
}

export const NO_CONTEXT: Context = { replyTo: null, mentions: [], intent: INFO, isForwarded: false }

/** What is no message: merged into what it is about. */
export type Silent = ActSaid | Availability

/** What is said by itself. */
export type Standalone = Exclude<Said, Silent>

export function storedFrom(said: Standalone): { readonly content: StoredContent; readonly context: Context } {
  switch (said.type) {
    case "text": {
      const { text, replyTo, mentions, intent, isForwarded } = said
      return { content: { kind: "text", text }, context: { replyTo, mentions, intent, isForwarded } }
    }
    case "media": {
      const { replyTo, mentions, intent, isForwarded } = said
      return { content: { kind: "media", said }, context: { replyTo, mentions, intent, isForwarded } }
    }
    case "document":
      return { content: { kind: "document", said }, context: NO_CONTEXT }
    case "settings":
      return { content: { kind: "settings", said }, context: NO_CONTEXT }
  }
}

/** The inverse, for what a person of this device has said; null for what nobody says. */
export function saidFrom(content: StoredContent, context: Context): Said | null {
  switch (content.kind) {
    case "text":
      return { type: "text", text: content.text, ...context } satisfies Text
    case "media":
    case "document":
    case "settings":
    case "act":
      return content.said
    case "members":
    case "new-device":
    case "unsupported":
    case "absent":
      return null
  }
}

/** What the page shows of it; null when there is nothing to see. */
export function shownFrom(content: StoredContent): MessageContent | null {
  switch (content.kind) {
    case "text":
    case "members":
    case "new-device":
    case "unsupported":
      return content
    case "settings": {
      const { patient, retentionDays, picture, since } = content.said
      if (since > 0) return null
      if (retentionDays !== undefined) return { kind: "retention", days: retentionDays }
      if (patient !== undefined) return { kind: "patient", patient }
      return { kind: "picture", isRemoved: picture === undefined || picture.length === 0 }
    }
    case "media":
      return mediaShown(content.said, null)
    case "document":
      return documentMessage(content.said, null)
    case "act":
    case "absent":
      return null
  }
}

/** Whether a person wrote or sent it: counted as unread, announced, the last line of its discussion. */
export const isWritten = ({ kind }: { readonly kind: string }): boolean =>
  kind === "text" || kind === "media" || kind === "document" || kind === "unsupported"

/** Its words, for the last line of a discussion and for quotes. */
export function wordsOf(content: MessageContent | StoredContent): string {
  if (content.kind === "text") return content.text
  if (content.kind === "document") return "said" in content ? content.said.title : content.title
  if (content.kind !== "media") return ""
  return "said" in content ? content.said.text : content.text
}

export const isSilent = (said: Said): said is Silent => isAct(said) || said.type === "availability"

export const isAct = (said: Said): said is ActSaid =>
  said.type === "edit" || said.type === "delete" || said.type === "reaction" || said.type === "taken"
