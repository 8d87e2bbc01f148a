/** What came by the inbox, as this device stores it: one record for each delivery, whatever became of it. */
import type { DocumentId } from "../../bridge/documents.js"
import type { EnvelopeId } from "../../bridge/models.js"
import type { DocumentContent } from "../crypto/document.js"

/** Who certified that the document is theirs, as the attestor named them. */
export type Sender = { readonly gateway: string; readonly name: string; readonly structure: string }

type Standing = {
  /** Its name in the store: the same delivery is the same record, wherever it stands in the log. */
  readonly name: string
  readonly envelope: EnvelopeId
  readonly gateway: string
  readonly atMs: number
}

/** Signed by a gateway that the attestor certified, and opened. */
export type Delivered = Standing & {
  readonly kind: "delivered"
  readonly sender: Sender
  readonly content: DocumentContent
  readonly openedAtMs: number | null
}

/** Sealed still, for want of a secret that another device of the person made: tried again when it is here. */
export type Waiting = Standing & { readonly kind: "waiting"; readonly header: Uint8Array; readonly sealed: Uint8Array }

/** Not to be believed: nothing of it is kept but that it came. */
export type Refused = Standing & { readonly kind: "refused"; readonly reason: RefusalReason }
export type RefusalReason = "unknown-sender" | "expired-sender" | "not-signed" | "unreadable" | "fictitious"

export type Delivery = Delivered | Waiting | Refused

export const deliveryName = (gateway: string, envelope: EnvelopeId): string => `delivery:${gateway}:${envelope}`

/** Only who sent a document may replace it or take it back: its structure, or else that one gateway. */
export const scopeOf = ({ sender: { gateway, structure } }: Delivered): string =>
  structure === "" ? `gateway:${gateway}` : `structure:${structure}`

/** A document as told apart from every other, on whatever device: one sender's id and version of it. */
export const versionKey = (delivered: Delivered): string => `${documentKey(delivered)}|${delivered.content.version}`

/** All versions that have this id, and what takes them back. */
export const documentKey = (delivered: Delivered): string => scopedKey(scopeOf(delivered), delivered.content.document)

export const scopedKey = (scope: string, document: DocumentId): string => `${scope}|${document}`
