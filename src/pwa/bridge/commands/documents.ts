/** What the page may ask about patients and their documents. */
import type { AccountId, ChannelId } from "../models.js"
import type { DocumentBody, DocumentPerson, DocumentPlace, DocumentRef, DocumentTrace, DocumentView, Family, PatientId, PatientSummary, PatientView } from "../documents.js"

export type DocumentsCommands = {
  /** On this device only: each word of the query is the beginning of a name, a date, a title, an author. */
  listPatients: {
    request: { readonly query: string; readonly families: readonly Family[]; readonly since: string | null }
    reply: { readonly patients: readonly PatientSummary[]; readonly more: number }
  }
  patient: { request: { readonly patient: PatientId }; reply: PatientView }
  document: { request: DocumentPlace; reply: DocumentView }
  /** What the document says: it is opened, and that is written down. */
  documentBody: { request: DocumentPlace; reply: DocumentBody }
  documentAttachment: {
    request: DocumentPlace & { readonly index: number }
    reply: { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array<ArrayBuffer> }
  }
  /** "Même patient". */
  joinPatients: { request: { readonly one: PatientId; readonly other: PatientId }; reply: null }
  /** Undo it: each folder stands alone again. */
  separatePatient: { request: { readonly patient: PatientId }; reply: null }
  /** Who wrote it and who else received it, as the directory knows them now. */
  documentPeople: { request: { readonly document: DocumentRef }; reply: { readonly people: readonly DocumentPerson[] } }
  /**
   * Open the discussion with a person, or this one, and tie it to the document's patient: its members learn who that is,
   * so every one of them must be verified, and be among those that the person confirmed. With `shares` the document goes
   * with it, sealed anew; otherwise `text` is suggested as the first words.
   */
  talkAbout: {
    request: { readonly document: DocumentRef; readonly to: { readonly account: AccountId } | { readonly channel: ChannelId }; readonly confirmed: readonly AccountId[]; readonly shares: boolean; readonly text: string }
    reply: { readonly channel: ChannelId }
  }
  /**
   * The bytes of it, or of the attachment with this index, for the person's own record: only right after they proved who
   * they are. `documentLeaves` goes before they are taken.
   */
  saveDocument: {
    request: DocumentPlace & { readonly attachment: number | null }
    reply: { readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }
  }
  /** The person takes what `saveDocument` answered: written down, for good, when this is answered. */
  documentLeaves: { request: DocumentPlace; reply: null }
  /** What I did with documents, newest first; `before` continues. `isAudited`: the controller reads it too. */
  listDocumentTraces: {
    request: { readonly before: number | null }
    reply: { readonly traces: readonly DocumentTrace[]; readonly before: number | null; readonly isAudited: boolean }
  }
}
