/** Clinical documents as the page sees them. No key and no ciphertext is ever in here. */

import type { AccountId, ChannelId, Patient, Target } from "./models.js"

export type DocumentId = string & { readonly brand: "document" }
/** One folder of one patient. Opaque, of this device only: it may stand in an address. */
export type PatientId = string & { readonly brand: "patient" }

/** What may be done with an identity, as its sender's gateway found it (docs/gateway.md). */
export type IdentityStatus =
  | "qualified"
  | "unqualified"
  | "matricule_invalid"
  | "ambiguous"
  | "test"
  | "demo"
  | "ins_absent"

export type LocalId = { readonly root: string; readonly value: string }

/** An identity as received: never corrected, never merged. What was not said is empty. */
export type PatientIdentity = {
  readonly oid: string
  readonly matricule: string
  readonly status: IdentityStatus
  readonly birthName: string
  readonly birthGivenNames: string
  readonly firstGivenName: string
  readonly sex: string
  /** YYYY-MM-DD, YYYY-MM or YYYY; 00 for what is unknown. */
  readonly birthDate: string
  /** INSEE code. */
  readonly birthPlace: string
  readonly usedName: string
  readonly usedGivenName: string
  readonly localIds: readonly LocalId[]
}

/** Why a folder is not simply the patient's: each is a full-width notice, none is ever settled silently. */
export type Doubt =
  /** The same national number, or the same number of the sender, came with other traits. */
  | "other-traits"
  /** The key of the national number is wrong. */
  | "bad-number"
  /** Several national numbers came together. */
  | "several-numbers"
  /** The sender says that the identity is not qualified. */
  | "unqualified"
  /** No national number: filed by the sender's own number. */
  | "no-number"
  /** No number at all: filed by name, sex, birth date and place, for one structure. */
  | "traits-only"
  /** Another folder has the same names. */
  | "namesake"
  /** Another folder has the same name and the same birth date. */
  | "twin"
  /** Another folder has every trait the same: perhaps the same patient. */
  | "perhaps-same"
  /** An identity for tests or demonstrations. */
  | "fictitious"

export type Family =
  | "hospital"
  | "imaging"
  | "rcp"
  | "pta"
  | "synthesis"
  | "biology"
  | "operation"
  | "consultation"
  | "letter"
  | "prescription"
  | "care_plan"
  | "certificate"
  | "administrative"
  | "other"

/** `replaced`: a newer version is here. `withdrawn`: its sender took it back, and nothing of it is shown. */
export type DocumentState = "new" | "opened" | "replaced" | "withdrawn"

/** Someone a document names; `account` is null while they are not on Lien. */
export type DocumentPerson = {
  readonly name: string
  readonly profession: string
  readonly isAuthor: boolean
  readonly account: AccountId | null
}

export type DocumentAuthor = { readonly name: string; readonly rpps: string }

/** The narrative of a structured document: data for our own components, never markup. */
export type NarrativeTag =
  | "article" | "section" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "p" | "br" | "ul" | "ol" | "li" | "small"
  | "strong" | "em" | "u" | "sub" | "sup" | "table" | "thead" | "tbody" | "tfoot" | "tr" | "th" | "td" | "caption" | "figure"

export type NarrativeNode =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "element"
      readonly tag: NarrativeTag
      readonly colSpan: number
      readonly rowSpan: number
      readonly children: readonly NarrativeNode[]
    }
  /** The attachment of this name is shown here. */
  | { readonly kind: "picture"; readonly name: string }

/** An identity as it may be shown: the number only when it is qualified, the used names only when they differ. */
export type ShownIdentity = {
  readonly birthName: string
  readonly firstGivenName: string
  readonly birthGivenNames: string
  readonly usedName: string | null
  readonly usedGivenName: string | null
  readonly sex: string
  readonly birthDate: string
  readonly birthPlace: string
  readonly number: { readonly kind: "NIR" | "NIA" | "test"; readonly value: string } | null
}

/** One version of one document. Opaque, of this device only. */
export type DocumentRef = string & { readonly brand: "document-ref" }

export type DocumentCard = {
  readonly document: DocumentRef
  readonly patient: PatientId
  readonly family: Family
  readonly title: string
  /** ISO 8601, as precise as its source said; empty when it did not. */
  readonly date: string
  readonly receivedAtMs: number
  readonly author: string
  readonly structure: string
  readonly state: DocumentState
  readonly version: number
  /** Takes the place of an earlier one, kept as history. */
  readonly isReplacement: boolean
}

export type PatientSummary = {
  readonly patient: PatientId
  readonly identity: ShownIdentity
  readonly doubts: readonly Doubt[]
  readonly documents: number
  readonly unopened: number
  /** The newest. */
  readonly last: DocumentCard
  /** The documents that a search found by more than the patient's own words. */
  readonly found: readonly DocumentCard[]
}

/** Another folder, named so that a person can tell whom it is of. */
export type OtherFolder = { readonly patient: PatientId; readonly identity: ShownIdentity; readonly documents: number }

export type PatientView = {
  readonly patient: PatientId
  readonly identity: ShownIdentity
  readonly doubts: readonly Doubt[]
  /** From the newest to the oldest, one for each document: the version that counts. */
  readonly documents: readonly DocumentCard[]
  /** Folders that the person put together, if there are several. */
  readonly parts: readonly OtherFolder[]
  /** Folders of which the person may say that it is the same patient. */
  readonly candidates: readonly OtherFolder[]
  /** Folders whose patient may be taken for this one. */
  readonly lookalikes: readonly OtherFolder[]
}

export type DocumentView = DocumentCard & {
  readonly identity: ShownIdentity
  readonly doubts: readonly Doubt[]
  readonly authors: readonly DocumentAuthor[]
  /** The gateway that signed it, as the deployment named it. */
  readonly sender: string
  readonly confidentiality: string
  /** Everyone it was delivered to. */
  readonly readers: readonly string[]
  readonly withdrawnAtMs: number | null
  /** The version that counts, when this is another. */
  readonly newer: DocumentRef | null
  /** Earlier versions, from the newest. */
  readonly history: readonly DocumentCard[]
  /** An earlier version was of another patient. */
  readonly isMoved: boolean
  readonly body: BodyInfo | null
  readonly attachments: readonly AttachmentInfo[]
  /** Not delivered to this person: somebody shared it in a discussion. It has no folder here. */
  readonly shared: { readonly by: string; readonly atMs: number } | null
}

/** What a message says that shares a clinical document; who wrote the document may be another. `progress` as of media. */
export type SharedContent = {
  readonly kind: "document"
  readonly family: Family
  readonly title: string
  readonly date: string
  readonly author: string
  readonly structure: string
  readonly patient: Patient
  readonly progress: number | null
}

/** A document of one's own, or one that a message shows. */
export type DocumentPlace = { readonly document: DocumentRef } | { readonly channel: ChannelId; readonly target: Target }

export type BodyInfo = { readonly form: "pdf" | "html" | "text" | "jpeg" | "other"; readonly size: number }
export type AttachmentInfo = { readonly name: string; readonly mediaType: string; readonly size: number }

export type DocumentBody =
  | { readonly kind: "pdf"; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: "picture"; readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }
  | { readonly kind: "narrative"; readonly nodes: readonly NarrativeNode[] }
  | { readonly kind: "text"; readonly text: string }

/** What is known of all documents at once. Something that is shown changed when `revision` did. */
export type DocumentsState = {
  readonly revision: number
  readonly unopened: number
  /** Sealed to a secret that is not here yet. */
  readonly waiting: number
  /** Came, and were not believed: when, and why. */
  readonly refused: readonly { readonly atMs: number; readonly reason: string }[]
}

/** What the person did with documents, in their own words; `device` is the label of one of theirs. */
export type DocumentTrace = {
  readonly number: number
  readonly atMs: number
  readonly kind: "opened" | "shared" | "saved" | "joined" | "separated"
  readonly title: string
  readonly patient: string
  readonly detail: string
  readonly device: string | null
}
