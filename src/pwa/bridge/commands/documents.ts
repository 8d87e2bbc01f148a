/** What the page may ask about patients and their documents. */
import type { DocumentBody, DocumentRef, DocumentTrace, DocumentView, Family, PatientId, PatientSummary, PatientView } from "../documents.js"

export type DocumentsCommands = {
  /** On this device only: each word of the query is the beginning of a name, a date, a title, an author. */
  listPatients: {
    request: { readonly query: string; readonly families: readonly Family[]; readonly since: string | null }
    reply: { readonly patients: readonly PatientSummary[]; readonly more: number }
  }
  patient: { request: { readonly patient: PatientId }; reply: PatientView }
  document: { request: { readonly document: DocumentRef }; reply: DocumentView }
  /** What the document says: it is opened, and that is written down. */
  documentBody: { request: { readonly document: DocumentRef }; reply: DocumentBody }
  documentAttachment: {
    request: { readonly document: DocumentRef; readonly index: number }
    reply: { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array<ArrayBuffer> }
  }
  /** "Même patient". */
  joinPatients: { request: { readonly one: PatientId; readonly other: PatientId }; reply: null }
  /** Undo it: each folder stands alone again. */
  separatePatient: { request: { readonly patient: PatientId }; reply: null }
  /** The bytes, for the person's own record: only right after they proved who they are, and written down. */
  saveDocument: {
    request: { readonly document: DocumentRef }
    reply: { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }
  }
  /** What I did with documents, newest first; `before` continues. */
  listDocumentTraces: {
    request: { readonly before: number | null }
    reply: { readonly traces: readonly DocumentTrace[]; readonly before: number | null }
  }
}
