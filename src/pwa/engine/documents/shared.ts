/** Documents shared in discussions: by this person, with people they named; and those that others shared, opened. */
import type { DocumentBody, DocumentView, PatientId, DocumentRef } from "../../bridge/documents.js"
import type { AccountId, ChannelId, Target } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import type { Conversations } from "../conversations/service.js"
import { MAX_SHARED_NAME_CHARACTERS, type SharedDocument } from "../crypto/contents/document.js"
import type { Item } from "../crypto/contents/media.js"
import { Refusal } from "../failure.js"
import type { Carrying, NewItem } from "../media/departures.js"
import type { Library } from "../media/library.js"
import type { Store } from "../store/store.js"
import { bodyOf } from "./bodies.js"
import type { Delivered } from "./delivery.js"
import { patientNoted, patientToTie } from "./people.js"
import type { Documents, Page } from "./service.js"
import { bodyShown, familyShown, identityShown, personName } from "./shown.js"
import type { TraceKind } from "./traces.js"

/** A message with a document: who sent it and when, and what it says. */
export type Sharing = { readonly author: AccountId; readonly sentAtMs: number; readonly said: SharedDocument }

export type SharedPorts = {
  readonly store: Store
  readonly library: Library
  readonly documents: Documents
  readonly conversations: Conversations
}

export class SharedDocuments {
  constructor(private readonly ports: SharedPorts) {}

  /** Sealed anew for the discussion, and written down: `names` are those who can open it from now on. */
  async share(delivered: Delivered, channel: ChannelId, names: readonly string[]): Promise<void> {
    const { store, library, documents } = this.ports
    const { content, sender } = delivered
    if (content.body === null) throw new Refusal("document_withdrawn")
    const items: readonly NewItem[] = (await documents.pages(delivered)).map(({ name, mediaType, bytes }) => ({
      ...{ mediaType, name, content: bytes, width: 0, height: 0, durationMs: 0 },
      ...{ thumbnail: new Uint8Array(), waveform: new Uint8Array() },
    }))
    const patient = patientToTie(content.patient)
    const said: Carrying = (sealed) => ({
      type: "document",
      items: sealed,
      form: content.body?.form ?? "",
      document: content.document,
      family: content.filing.family,
      patient,
      title: content.filing.title,
      date: content.filing.date,
      version: content.version,
      authors: content.authors.map(personName).map(cut).filter((name) => name !== ""),
      structure: cut(content.structure.name),
      sender: cut(sender.name),
    })
    const note = { title: content.filing.title, patient: patientNoted(patient), detail: names.join(", ") }
    await store.write([await documents.traces.write("shared", content.document, note)], "strict")
    await library.departures.add(channel, items, said)
    documents.traces.send().catch(() => undefined)
  }

  async view(channel: ChannelId, target: Target): Promise<DocumentView> {
    const { author, sentAtMs, said } = await this.find(channel, target)
    const { items, form, family, patient, title, date, version, authors, structure, sender } = said
    const [first, ...attachments] = items
    return {
      document: "" as DocumentRef,
      patient: "" as PatientId,
      family: familyShown(family),
      title,
      date,
      receivedAtMs: sentAtMs,
      author: authors[0] ?? "",
      structure,
      state: "opened",
      version,
      isReplacement: false,
      identity: identityShown({
        ...{ oid: patient.oid, matricule: patient.matricule, status: patient.oid === "" ? "ins_absent" : "qualified" },
        ...{ birthName: patient.birthName, birthGivenNames: "", firstGivenName: patient.firstName },
        ...{ sex: patient.sex, birthDate: patient.birthDate, birthPlace: "", usedName: patient.usedName, usedGivenName: "", localIds: [] },
      }),
      doubts: [],
      authors: authors.map((name) => ({ name, rpps: "" })),
      sender,
      confidentiality: "",
      readers: [],
      withdrawnAtMs: null,
      newer: null,
      history: [],
      isMoved: false,
      body: first === undefined ? null : bodyShown(form, first.blob.size),
      attachments: attachments.map(({ name, mediaType, blob }) => ({ name, mediaType, size: blob.size })),
      shared: { by: this.nameOf(author), atMs: sentAtMs },
    }
  }

  /** What it says, ready to be shown; traced as opened. */
  async body(channel: ChannelId, target: Target): Promise<DocumentBody> {
    const sharing = await this.find(channel, target)
    const { form } = sharing.said
    const shown = bodyOf({ form }, await this.open(sharing, 0))
    await this.trace("opened", sharing)
    this.ports.documents.traces.send().catch(() => undefined)
    return shown
  }

  async attachment(channel: ChannelId, target: Target, index: number): Promise<Page> {
    const sharing = await this.find(channel, target)
    const { name, mediaType } = itemOf(sharing, index + 1)
    return { name, mediaType, bytes: await this.open(sharing, index + 1) }
  }

  /** The bytes of it, or of one attachment, for the person's own record: `leave` goes before they are taken. */
  async save(channel: ChannelId, target: Target, attachment: number | null): Promise<{ readonly bytes: Bytes; readonly mediaType: string }> {
    const sharing = await this.find(channel, target)
    const item = attachment === null ? 0 : attachment + 1
    return { bytes: await this.open(sharing, item), mediaType: itemOf(sharing, item).mediaType }
  }

  /** It is about to leave Lien: written down, for good, before it does. */
  async leave(channel: ChannelId, target: Target): Promise<void> {
    await this.trace("saved", await this.find(channel, target))
    this.ports.documents.traces.send().catch(() => undefined)
  }

  private async find(channel: ChannelId, target: Target): Promise<Sharing> {
    const found = await this.ports.conversations.media.findDocument(channel, target)
    if (found === null) throw new Refusal("not_found")
    return found
  }

  private nameOf(account: AccountId): string {
    const { givenName, familyName } = this.ports.conversations.people.find(account).professional
    return `${givenName} ${familyName}`.trim()
  }

  private open(sharing: Sharing, index: number): Promise<Bytes> {
    return this.ports.library.open(itemOf(sharing, index))
  }

  private async trace(kind: TraceKind, { author, said }: Sharing): Promise<void> {
    const note = { title: said.title, patient: patientNoted(said.patient), detail: this.nameOf(author) }
    await this.ports.store.write([await this.ports.documents.traces.write(kind, said.document, note)], "strict")
  }
}

function itemOf({ said }: Sharing, index: number): Item {
  const item = said.items[index]
  if (item === undefined) throw new Refusal("not_found")
  return item
}

const cut = (name: string): string => Array.from(name).slice(0, MAX_SHARED_NAME_CHARACTERS).join("")
