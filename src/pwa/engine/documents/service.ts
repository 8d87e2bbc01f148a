/** The clinical documents of an open store: what came, what the page asks for, what the person does with them. */
import type {
  DocumentBody,
  DocumentCard,
  DocumentRef,
  DocumentsState,
  DocumentView,
  PatientId,
  PatientSummary,
  PatientView,
  ShownIdentity,
} from "../../bridge/documents.js"
import type { Keyring } from "../accounts/keyring.js"
import type { ServerClock } from "../clock.js"
import type { DocumentContent } from "../crypto/document.js"
import { decodeHeader, type Header } from "../crypto/envelope.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { bodyOf } from "./bodies.js"
import { Contents, type BlobSource } from "./contents.js"
import { documentKey, type Delivered, type Delivery } from "./delivery.js"
import { Elsewhere } from "./elsewhere.js"
import { Gateways } from "./gateways.js"
import { Joining } from "./joining.js"
import { openDelivery, type Arrived } from "./opening.js"
import { Readings } from "./readings.js"
import { Records } from "./records.js"
import type { Asked } from "./searching.js"
import type { Filed, FiledPatient, Shelf } from "./shelf.js"
import { cardShown, countUnopened, documentShown, identityShown, patientShown, summaryShown } from "./shown.js"
import { Traces } from "./traces.js"
import type { Version } from "./versions.js"

export type DocumentsPorts = {
  readonly http: Http
  readonly store: Store
  readonly keyring: Keyring
  readonly clock: ServerClock
  readonly source: BlobSource
}

/** What the engine does about what changes here. */
export interface DocumentsOwner {
  onDocuments(): void
  /** One came just now. */
  onDocumentArrived(card: DocumentCard, identity: ShownIdentity): void
}

/** To be stored in the transaction that moves the cursor; `keep` follows it. */
export type Prepared = { readonly writes: readonly Write[]; readonly delivery: Delivery }

export type Page = { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array<ArrayBuffer> }

const DAY_MS = 24 * 3_600_000
/** What came longer ago is found, not announced. */
const LIVE_MS = 10 * 60_000
/** Small enough to be here before it is asked for. */
const FETCH_AHEAD_BYTES = 4 * 2 ** 20
const MOST_PATIENTS = 100

export class Documents {
  readonly traces: Traces
  readonly elsewhere: Elsewhere
  private readonly joining: Joining
  private readonly readings: Readings
  private readonly records: Records
  private readonly contents: Contents
  private readonly gateways: Gateways
  private revision = 0

  constructor(
    private readonly ports: DocumentsPorts,
    private readonly owner: DocumentsOwner,
  ) {
    const { http, store, keyring, clock, source } = ports
    this.records = new Records(store)
    this.contents = new Contents(store, source)
    this.gateways = new Gateways(http, store, clock, () => keyring.self.attestors)
    this.traces = new Traces(http, store, keyring)
    this.elsewhere = new Elsewhere(ports, this.traces, this.records, () => this.change())
    this.joining = new Joining(store, clock, this.records, this.traces)
    this.readings = new Readings(store, clock, this.records, this.traces, () => this.change())
  }

  async load(): Promise<void> {
    await this.records.load()
    await this.elsewhere.load()
  }

  // What comes by the inbox.

  /** Open an entry of kind document. Throws only what passes. */
  async prepare(header: Header, arrived: Arrived): Promise<Prepared | null> {
    const { keyring } = this.ports
    const opening = { gateways: this.gateways, keyring, isDemo: () => keyring.self.isDemo === true }
    const opened = await openDelivery(header, arrived, opening)
    if (opened === null) return null
    const merged = this.records.merged(opened)
    const delivery = merged.kind === "delivered" ? (this.elsewhere.asOpened(merged) ?? merged) : merged
    return { writes: [await this.records.put(delivery)], delivery }
  }

  /** Stored: show them. */
  async keep(deliveries: readonly Delivery[]): Promise<void> {
    this.records.keep(deliveries)
    this.change()
    const shelf = await this.records.shelf()
    const now = this.ports.clock.now()
    const delivered = deliveries.filter((one): one is Delivered => one.kind === "delivered")
    await this.dropWithdrawn(shelf, delivered)
    for (const one of delivered) if (now - one.atMs < LIVE_MS) this.announce(shelf, one)
  }

  private announce(shelf: Shelf, delivered: Delivered): void {
    // Whatever came of it, what is told is the document as it stands now.
    const filed = shelf.byDocument.get(documentKey(delivered))
    if (filed === undefined) return
    const { current } = filed.chain
    if (current.state === "current" && current.delivered.openedAtMs !== null) return
    this.owner.onDocumentArrived(cardShown(current, filed, this.records), identityShown(current.delivered.content.patient))
    const { body } = current.delivered.content
    const isSmall = body !== null && body.blob.size <= FETCH_AHEAD_BYTES
    if (current.state === "current" && isSmall) this.contents.read(body.blob).catch(() => undefined)
  }

  /** What was taken back does not stay on the device. */
  private async dropWithdrawn(shelf: Shelf, deliveries: readonly Delivered[]): Promise<void> {
    const chains = deliveries.flatMap((one) => shelf.byDocument.get(documentKey(one))?.chain ?? [])
    const withdrawn = chains.flatMap(({ current, history }) => [current, ...history]).filter(({ state }) => state === "withdrawn")
    const blobs = withdrawn.flatMap(({ delivered: { content } }) => [content.body, ...content.attachments])
    await this.ports.store.write(await Promise.all(blobs.flatMap((one) => (one === null ? [] : [this.contents.removal(one.blob)]))))
  }

  /** Secrets came: what stayed sealed is tried again, and what waited to be sealed is sent. */
  async openAgain(): Promise<void> {
    this.traces.send().catch(() => undefined)
    for (const waiting of this.records.all()) {
      if (waiting.kind !== "waiting") continue
      const prepared = await this.prepare(decodeHeader(waiting.header), waiting)
      if (prepared === null || prepared.delivery.kind === "waiting") continue
      await this.ports.store.write(prepared.writes)
      await this.keep([prepared.delivery])
    }
  }

  /** The server is there: tell what was done here, hear what was done on other devices. */
  catchUp(): void {
    this.traces.send().then(() => this.elsewhere.catchUp()).catch(() => undefined)
  }

  /** What retention forgets, with its content. */
  async forgetOld(): Promise<void> {
    const { store, clock, keyring } = this.ports
    const horizonMs = clock.now() - keyring.self.retentionDays * DAY_MS
    const old = this.records.all().filter(({ atMs }) => atMs < horizonMs)
    if (old.length === 0) return
    const blobs = old.flatMap((one) => (one.kind === "delivered" ? [one.content.body, ...one.content.attachments] : []))
    const contents = blobs.flatMap((one) => (one === null ? [] : [this.contents.removal(one.blob)]))
    await store.write(await Promise.all([...old.map((one) => this.records.removal(one)), ...contents]))
    this.records.forget(old)
    this.change()
  }

  // What the page asks for.

  async state(): Promise<DocumentsState> {
    const all = this.records.all()
    const refused = all.flatMap((one) => (one.kind === "refused" ? [{ atMs: one.atMs, reason: one.reason }] : []))
    return {
      revision: this.revision,
      unopened: countUnopened(await this.records.shelf()),
      waiting: all.filter(({ kind }) => kind === "waiting").length,
      refused: refused.sort((one, other) => other.atMs - one.atMs).slice(0, 20),
    }
  }

  /** Those with the newest documents first; `more` others were found. */
  async list(asked: Asked): Promise<{ readonly patients: readonly PatientSummary[]; readonly more: number }> {
    const { patients } = await this.records.shelf()
    const found = patients.flatMap((patient) => summaryShown(patient, asked, this.records) ?? [])
    return { patients: found.slice(0, MOST_PATIENTS), more: Math.max(0, found.length - MOST_PATIENTS) }
  }

  /** Each document, in the version that counts, unless its sender took it back. */
  async all(): Promise<readonly DocumentRef[]> {
    const { patients } = await this.records.shelf()
    const standing = patients.flatMap(({ filed }) => filed.filter(({ chain }) => chain.current.state !== "withdrawn"))
    return standing.map((one) => cardShown(one.chain.current, one, this.records).document)
  }

  async patient(id: PatientId): Promise<PatientView> {
    const shelf = await this.records.shelf()
    return patientShown(this.patientIn(shelf, id), shelf, this.records)
  }

  async document(ref: DocumentRef): Promise<DocumentView> {
    const { version, filed, patient } = await this.access(ref)
    return documentShown(version, filed, patient, this.records)
  }

  /** What the gateway signed. Refuses with `document_withdrawn`. */
  async content(ref: DocumentRef): Promise<DocumentContent> {
    return readable((await this.access(ref)).version)
  }

  /** To be shared: as it was delivered. Refuses with `document_withdrawn`. */
  async delivered(ref: DocumentRef): Promise<Delivered> {
    const { version } = await this.access(ref)
    readable(version)
    return version.delivered
  }

  /** Its body and its attachments, in their order. */
  pages({ content: { body, attachments } }: Delivered): Promise<readonly Page[]> {
    const parts = [...(body === null ? [] : [{ name: "", ...body }]), ...attachments]
    return Promise.all(parts.map(async ({ name, mediaType, blob }) => ({ name, mediaType, bytes: await this.contents.read(blob) })))
  }

  /** What it says, ready to be shown; it counts as opened and is traced. Refuses with `document_withdrawn`. */
  async body(ref: DocumentRef): Promise<DocumentBody> {
    const { version } = await this.access(ref)
    const { body } = readable(version)
    if (body === null) throw new Refusal("not_found")
    const shown = bodyOf(body, await this.contents.read(body.blob))
    await this.readings.opened(version.delivered)
    return shown
  }

  async attachment(ref: DocumentRef, index: number): Promise<Page> {
    const { version } = await this.access(ref)
    const found = readable(version).attachments[index]
    if (found === undefined) throw new Refusal("not_found")
    return { name: found.name, mediaType: found.mediaType, bytes: await this.contents.read(found.blob) }
  }

  /** The bytes as they came, of it or of one attachment, for the person's own record: `leave` goes before they are taken. */
  async save(ref: DocumentRef, attachment: number | null): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly mediaType: string }> {
    const { version } = await this.access(ref)
    const part = attachment === null ? readable(version).body : readable(version).attachments[attachment]
    if (part == null) throw new Refusal("not_found")
    return { bytes: await this.contents.read(part.blob), mediaType: part.mediaType }
  }

  /** It is about to leave Lien: written down, for good, before it does. */
  async leave(ref: DocumentRef): Promise<void> {
    await this.readings.saved((await this.access(ref)).version.delivered)
  }

  /** "Même patient": these two are shown as one from now on. */
  async join(one: PatientId, other: PatientId): Promise<void> {
    const shelf = await this.records.shelf()
    await this.joining.join(shelf, this.patientIn(shelf, one), this.patientIn(shelf, other))
    this.change()
  }

  /** Every folder of this patient stands alone again. */
  async separate(id: PatientId): Promise<void> {
    const shelf = await this.records.shelf()
    await this.joining.separate(shelf, this.patientIn(shelf, id))
    this.change()
  }

  private async access(ref: DocumentRef): Promise<{ readonly version: Version; readonly filed: Filed; readonly patient: FiledPatient }> {
    const shelf = await this.records.shelf()
    const at = shelf.byVersion.get(this.records.versionIn(ref) ?? "")
    const patient = at === undefined ? undefined : shelf.byPatient.get(at.filed.patient)
    if (at === undefined || patient === undefined) throw new Refusal("not_found")
    return { ...at, patient }
  }

  private patientIn(shelf: Shelf, id: PatientId): FiledPatient {
    const patient = shelf.byFolder.get(this.records.folderIn(id) ?? "")
    if (patient === undefined) throw new Refusal("not_found")
    return patient
  }

  private change(): void {
    this.revision += 1
    this.owner.onDocuments()
  }
}

function readable({ state, delivered }: Version): Delivered["content"] {
  if (state === "withdrawn") throw new Refusal("document_withdrawn")
  return delivered.content
}
