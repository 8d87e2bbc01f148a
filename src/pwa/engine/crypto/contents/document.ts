/**
 * A clinical document that one of its readers shares: what shows it, and whose it is.
 *
 * Its pages are in blobs of the conversation, sealed anew, and live as long as the message. The gateway's signature is
 * not passed on: who shares it answers for it.
 */
import type { DocumentId } from "../../../bridge/documents.js"
import type { Patient } from "../../../bridge/models.js"
import { Malformed } from "../errors.js"
import type { ValueMap } from "../msgpack.js"
import { Fields } from "../structure.js"
import type { Body } from "./body.js"
import { itemBody, optionalInteger, optionalText, parseItems, type Item } from "./media.js"
import { parsePatient, patientBody } from "./settings.js"

/** The body and its attachments. */
const MAX_PAGES = 33
const MAX_AUTHORS = 8
const MAX_TITLE_CHARACTERS = 500
export const MAX_SHARED_NAME_CHARACTERS = 260
const MAX_CODE_CHARACTERS = 64
const FORMS: readonly string[] = ["pdf", "html", "text", "jpeg"]

/** The first item is the body, of this `form`; the others are its attachments by name. */
export type SharedDocument = {
  readonly type: "document"
  readonly items: readonly Item[]
  readonly form: string
  readonly document: DocumentId
  readonly family: string
  readonly patient: Patient
  readonly title: string
  readonly date: string
  /** 0 when its source did not say. */
  readonly version: number
  readonly authors: readonly string[]
  readonly structure: string
  /** The gateway that it came from, as the deployment named it. */
  readonly sender: string
}

export function sharedDocumentBody({ items, form, document, family, patient, title, date, version, authors, structure, sender }: SharedDocument): ValueMap {
  return {
    items: items.map(itemBody),
    form,
    document,
    family,
    patient: patientBody(patient),
    ...(title === "" ? {} : { title }),
    ...(date === "" ? {} : { date }),
    ...(version === 0 ? {} : { version }),
    ...(authors.length === 0 ? {} : { authors: [...authors] }),
    ...(structure === "" ? {} : { structure }),
    ...(sender === "" ? {} : { sender }),
  }
}

export function parseSharedDocument(body: Body): SharedDocument {
  const shared: SharedDocument = {
    type: "document",
    items: parseItems(body, MAX_PAGES),
    form: body.text("form", 8, 1),
    document: Fields.ofList([body.value("document")], 1).identifier() as DocumentId,
    family: body.text("family", MAX_CODE_CHARACTERS, 1),
    patient: parsePatient(body.part("patient")),
    title: optionalText(body, "title", MAX_TITLE_CHARACTERS),
    date: optionalText(body, "date", MAX_CODE_CHARACTERS),
    version: optionalInteger(body, "version", 2 ** 31 - 1),
    authors: parseAuthors(body),
    structure: optionalText(body, "structure", MAX_SHARED_NAME_CHARACTERS),
    sender: optionalText(body, "sender", MAX_SHARED_NAME_CHARACTERS),
  }
  if (!FORMS.includes(shared.form)) throw new Malformed()
  return shared
}

function parseAuthors(body: Body): readonly string[] {
  if (!body.has("authors")) return []
  const names = body.items("authors", 1, MAX_AUTHORS).map((item) => Fields.ofList([item], 1).text(MAX_SHARED_NAME_CHARACTERS))
  if (names.includes("")) throw new Malformed()
  return names
}
