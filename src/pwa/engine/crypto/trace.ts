/** What the person did with a document, in words that only they read again: sealed to their own account. */
import type { DocumentId } from "../../bridge/documents.js"
import type { AccountId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { BadTrace, reading } from "./errors.js"
import { seal, type SealingKey } from "./sealing.js"
import { characters, encode, Fields } from "./structure.js"
import { pad, unpad } from "./suite.js"

const LABEL = "lien/v1/trace"
const MAX_NOTE_BYTES = 4_096
export const MAX_NOTE_CHARACTERS = 200

/** Three short texts, as the person saw them; `detail`: with whom it was shared. */
export type Note = { readonly title: string; readonly patient: string; readonly detail: string }

/** What the note is about: it opens nowhere else. */
export type Traced = {
  readonly account: AccountId
  readonly generation: number
  readonly document: DocumentId
  readonly kind: string
}

const boundTo = ({ account, generation, document, kind }: Traced): Bytes => encode(account, generation, document, kind)

/** The note for its own author. Throws BadTrace for one that is too long. */
export async function sealNote({ title, patient, detail }: Note, ownPublic: Uint8Array, traced: Traced): Promise<Bytes> {
  if ([title, patient, detail].some((text) => characters(text) > MAX_NOTE_CHARACTERS)) throw new BadTrace()
  return seal(ownPublic, pad(encode(title, patient, detail)), LABEL, boundTo(traced))
}

/** The inverse of `sealNote`. Throws BadSeal, BadTrace. */
export async function openNote(sealed: Uint8Array, key: SealingKey, traced: Traced): Promise<Note> {
  if (sealed.length > MAX_NOTE_BYTES) throw new BadTrace()
  const plaintext = unpad(await key.open(sealed, LABEL, boundTo(traced)))
  return reading(BadTrace, () => {
    const fields = Fields.decode(plaintext, 4, MAX_NOTE_BYTES)
    const [title, patient] = [fields.text(MAX_NOTE_CHARACTERS), fields.text(MAX_NOTE_CHARACTERS)]
    return { title, patient, detail: fields.text(MAX_NOTE_CHARACTERS) }
  })
}
