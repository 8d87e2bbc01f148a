/**
 * A clinical document for one recipient: metadata and the keys of its blobs, signed by a gateway and sealed to the
 * recipient's account. The clear header is an envelope's: the recipient's inbox, the generation of their secret as
 * epoch, the gateway as device, kind 4. See docs/keys.md, "Document".
 */
import type { DocumentId, IdentityStatus, LocalId, PatientIdentity } from "../../bridge/documents.js"
import type { Bytes } from "../bytes.js"
import { inboxOf } from "../ids.js"
import { decodeHeader, MAX_SEALED_BYTES, signedBytes, type Header } from "./envelope.js"
import { BadDocument, reading } from "./errors.js"
import type { Value } from "./msgpack.js"
import type { SealingKey } from "./sealing.js"
import { SIGNATURE_BYTES, verify } from "./signing.js"
import { Fields } from "./structure.js"
import { HASH_BYTES, KEY_BYTES, unpad } from "./suite.js"

export const DOCUMENT_LABEL = "lien/v1/document"

const MAX_REPLACED = 16
const MAX_AUTHORS = 8
const MAX_READERS = 50
const MAX_ATTACHMENTS = 32
const MAX_LOCAL_IDS = 8
const MAX_NAME = 128
const MAX_TITLE = 500
const MAX_CODE = 64
const MAX_BLOB_BYTES = 2 ** 40
const MAX_VERSION = 2 ** 31 - 1

const ACTIONS = ["new", "replace", "withdraw"] as const
export type Action = (typeof ACTIONS)[number]

/** Where a content is, and what opens and proves it; size and hash are of the plaintext. */
export type BlobKey = { readonly blob: string; readonly key: Bytes; readonly size: number; readonly hash: Bytes }
/** `form` is pdf, html (of our own narrative only), text or jpeg. */
export type Body = { readonly form: string; readonly mediaType: string; readonly blob: BlobKey }
/** A picture of an html body is looked up by its name. */
export type Attachment = { readonly name: string; readonly mediaType: string; readonly blob: BlobKey }

export type Filing = {
  readonly family: string
  readonly typeCode: string
  readonly typeSystem: string
  readonly title: string
  /** ISO 8601, as precise as received. */
  readonly date: string
  readonly confidentiality: string
}

export type Author = { readonly rpps: string; readonly familyName: string; readonly givenName: string; readonly speciality: string }
export type Structure = { readonly identifier: string; readonly name: string }
export type Reader = { readonly rpps: string; readonly name: string; readonly profession: string }

/** Everything as its source said it; what it did not say is empty. */
export type DocumentContent = {
  readonly action: Action
  readonly document: DocumentId
  readonly set: DocumentId | null
  /** 0 when not said. */
  readonly version: number
  readonly replaces: readonly DocumentId[]
  readonly filing: Filing
  readonly patient: PatientIdentity
  readonly authors: readonly Author[]
  readonly structure: Structure
  /** Everyone it is delivered to, so that each knows who has it. */
  readonly readers: readonly Reader[]
  /** Null exactly in a withdrawal. */
  readonly body: Body | null
  readonly attachments: readonly Attachment[]
  readonly sealedAtMs: number
}

/** The header of a document for the owner of the inbox it names. Throws BadEnvelope, BadDocument. */
export function requireDelivery(header: Uint8Array): Header {
  const read = decodeHeader(header)
  if (read.kind !== "document" || read.channel !== inboxOf(read.account)) throw new BadDocument()
  return read
}

/**
 * The content, if it was sealed for this header and signed by this gateway. The caller reads the header first, and takes
 * the secret of its generation and the key of its gateway, whose certificate it checked.
 * Throws BadSeal (does not open, or not signed by it) or BadDocument (cannot be read).
 */
export async function openDocument(
  header: Uint8Array,
  sealed: Uint8Array,
  secret: SealingKey,
  gatewayPublic: Uint8Array,
): Promise<DocumentContent> {
  requireDelivery(header)
  if (sealed.length > MAX_SEALED_BYTES) throw new BadDocument()
  const plaintext = unpad(await secret.open(sealed, DOCUMENT_LABEL, header))
  const [signature, content] = [plaintext.subarray(0, SIGNATURE_BYTES), plaintext.subarray(SIGNATURE_BYTES)]
  await verify(gatewayPublic, DOCUMENT_LABEL, signedBytes(header, content), signature)
  return decodeContent(content)
}

function decodeContent(data: Uint8Array): DocumentContent {
  const content = reading(BadDocument, () => {
    const fields = Fields.decode(data, 14, MAX_SEALED_BYTES)
    return {
      action: actionOf(fields.text(16)),
      document: fields.identifier() as DocumentId,
      set: optionalId(fields.value()),
      version: fields.integer(0, MAX_VERSION),
      replaces: fields.items(0, MAX_REPLACED).map((one) => Fields.ofList([one], 1).identifier() as DocumentId),
      filing: filingOf(fields.value()),
      patient: patientOf(fields.value()),
      authors: fields.items(0, MAX_AUTHORS).map(authorOf),
      structure: structureOf(fields.value()),
      readers: fields.items(0, MAX_READERS).map(readerOf),
      body: bodyOf(fields.value()),
      attachments: fields.items(0, MAX_ATTACHMENTS).map(attachmentOf),
      sealedAtMs: fields.integer(),
    }
  })
  const isWithdrawal = content.action === "withdraw"
  if ((content.body === null) !== isWithdrawal) throw new BadDocument()
  if (isWithdrawal && content.attachments.length > 0) throw new BadDocument()
  return content
}

function actionOf(text: string): Action {
  const action = ACTIONS.find((one) => one === text)
  if (action === undefined) throw new BadDocument()
  return action
}

function optionalId(value: Value): DocumentId | null {
  return value === "" ? null : (Fields.ofList([value], 1).identifier() as DocumentId)
}

function filingOf(value: Value): Filing {
  const fields = Fields.ofList(value, 6)
  const [family, typeCode, typeSystem] = [fields.text(MAX_CODE), fields.text(MAX_CODE), fields.text(MAX_CODE)]
  return { family, typeCode, typeSystem, title: fields.text(MAX_TITLE), date: fields.text(MAX_CODE), confidentiality: fields.text(MAX_CODE) }
}

function patientOf(value: Value): PatientIdentity {
  const fields = Fields.ofList(value, 12)
  const patient = {
    oid: fields.text(MAX_CODE),
    matricule: fields.text(MAX_CODE),
    status: statusOf(fields.text(MAX_CODE)),
    birthName: fields.text(MAX_NAME),
    birthGivenNames: fields.text(MAX_NAME),
    firstGivenName: fields.text(MAX_NAME),
    usedName: fields.text(MAX_NAME),
    usedGivenName: fields.text(MAX_NAME),
    sex: fields.text(MAX_CODE),
    birthDate: fields.text(MAX_CODE),
    birthPlace: fields.text(MAX_CODE),
    localIds: fields.items(0, MAX_LOCAL_IDS).map(localIdOf),
  }
  // A national number never goes without its kind.
  if ((patient.matricule === "") !== (patient.oid === "")) throw new BadDocument()
  return patient
}

const STATUSES: readonly IdentityStatus[] = [
  "qualified",
  "unqualified",
  "matricule_invalid",
  "ambiguous",
  "test",
  "demo",
  "ins_absent",
]

/** What a newer gateway says and this version does not know is not relied on. */
function statusOf(text: string): IdentityStatus {
  return STATUSES.find((status) => status === text) ?? "unqualified"
}

function localIdOf(value: Value): LocalId {
  const fields = Fields.ofList(value, 2)
  return { root: fields.text(MAX_NAME), value: fields.text(MAX_NAME) }
}

function authorOf(value: Value): Author {
  const fields = Fields.ofList(value, 4)
  const rpps = rppsOf(fields)
  return { rpps, familyName: fields.text(MAX_NAME), givenName: fields.text(MAX_NAME), speciality: fields.text(MAX_NAME) }
}

function structureOf(value: Value): Structure {
  const fields = Fields.ofList(value, 2)
  return { identifier: fields.text(MAX_CODE), name: fields.text(MAX_NAME) }
}

function readerOf(value: Value): Reader {
  const fields = Fields.ofList(value, 3)
  return { rpps: rppsOf(fields), name: fields.text(MAX_NAME), profession: fields.text(MAX_NAME) }
}

function rppsOf(fields: Fields): string {
  const text = fields.text(11)
  if (text !== "" && !/^\d{11}$/.test(text)) throw new BadDocument()
  return text
}

function bodyOf(value: Value): Body | null {
  if (value === null) return null
  const fields = Fields.ofList(value, 3)
  return { form: fields.text(16), mediaType: fields.text(MAX_NAME), blob: blobOf(fields.value()) }
}

function attachmentOf(value: Value): Attachment {
  const fields = Fields.ofList(value, 3)
  return { name: fields.text(MAX_NAME), mediaType: fields.text(MAX_NAME), blob: blobOf(fields.value()) }
}

function blobOf(value: Value): BlobKey {
  const fields = Fields.ofList(value, 4)
  const [blob, key] = [fields.identifier(), fields.blob(KEY_BYTES)]
  return { blob, key, size: fields.integer(0, MAX_BLOB_BYTES), hash: fields.blob(HASH_BYTES) }
}
