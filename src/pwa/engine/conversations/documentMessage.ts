/** A shared document as a message shows it: everything but its keys and pages. */
import type { MessageContent } from "../../bridge/models.js"
import type { SharedDocument } from "../crypto/contents/document.js"
import { familyShown } from "../documents/shown.js"

export function documentMessage(said: SharedDocument, progress: number | null): MessageContent {
  const { family, title, date, authors, structure, patient } = said
  return { kind: "document", family: familyShown(family), title, date, author: authors[0] ?? "", structure, patient, progress }
}
