/** What the person did with a document, in words that only they read again: sealed to their own account. */
import type { DocumentId } from "../../bridge/documents.js"
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { toBase64, utf8, type Bytes } from "../bytes.js"
import { BadTrace, reading } from "./errors.js"
import type { Attested } from "./gateway.js"
import { join } from "./msgpack.js"
import { requireSealingPublic, seal, SEALING_PUBLIC_BYTES, type SealingKey } from "./sealing.js"
import { verify } from "./signing.js"
import { characters, encode, Fields } from "./structure.js"
import { hash32, pad, unpad } from "./suite.js"

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
export function sealNote(note: Note, ownPublic: Uint8Array, traced: Traced): Promise<Bytes> {
  return sealWords(note, ownPublic, LABEL, boundTo(traced))
}

async function sealWords({ title, patient, detail }: Note, to: Uint8Array, label: string, bound: Bytes): Promise<Bytes> {
  if ([title, patient, detail].some((text) => characters(text) > MAX_NOTE_CHARACTERS)) throw new BadTrace()
  return seal(to, pad(encode(title, patient, detail)), label, bound)
}

/** The controller's key, as the attestor signed it; `key` is its name. */
export type AuditKey = { readonly key: string; readonly public: Bytes }

/** Throws BadSeal when the attestor did not sign it, BadTrace when it is no key. */
export async function openAuditKey({ data, signature }: Attested, attestor: Uint8Array): Promise<AuditKey> {
  await verify(attestor, "lien/v1/audit-key", data, signature)
  const key = requireSealingPublic(reading(BadTrace, () => Fields.decode(data, 2, SEALING_PUBLIC_BYTES + 16).blob(SEALING_PUBLIC_BYTES)))
  const name = await hash32(join([utf8("lien/v1/audit-key-id\0"), key]))
  return { key: toBase64(name.subarray(0, 16)), public: key }
}

/** The same words for the controller, bound to who did it, on which device. Throws BadTrace for a note that is too long. */
export function sealAuditNote(note: Note, to: AuditKey, { account, document, kind }: Traced, device: DeviceId): Promise<Bytes> {
  return sealWords(note, to.public, "lien/v1/trace-audit", encode(account, device, document, kind))
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
