/** Clinical documents as the page sees them. No key and no ciphertext is ever in here. */
import type { AccountId } from "./models.js"

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

export type DocumentAuthor = {
  readonly name: string
  readonly rpps: string
  readonly structure: string
  /** Their account here, once it is known that they have one. */
  readonly account: AccountId | null
}

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
