/** Everything the engine tells the page unasked. Each event carries the whole new value, so that one may be missed. */
import type { DocumentCard, DocumentsState, ShownIdentity } from "./documents.js"
import type { Discussion, DiscussionSummary, Message, Phase } from "./models.js"

export type EngineEvent =
  | { readonly kind: "phase"; readonly phase: Phase }
  | { readonly kind: "discussions"; readonly discussions: readonly DiscussionSummary[] }
  /** The discussion being watched. */
  | { readonly kind: "discussion"; readonly discussion: Discussion }
  /** A message from someone else arrived while its discussion is not on screen (for the live region). */
  | { readonly kind: "arrived"; readonly discussion: DiscussionSummary; readonly message: Message }
  /** A group is being made or changed: for how many of its members so far. */
  | { readonly kind: "preparing"; readonly done: number; readonly of: number }
  | { readonly kind: "documents"; readonly documents: DocumentsState }
  /** A document came, or was taken back, just now. */
  | { readonly kind: "document-arrived"; readonly card: DocumentCard; readonly identity: ShownIdentity }
