/** Documents as this device keeps them: deliveries and decisions, in memory as values and in the store as sealed records. */
import type { DocumentId, DocumentRef, PatientId } from "../../bridge/documents.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { Turns } from "../turns.js"
import type { Delivered, Delivery } from "./delivery.js"
import { shelve, type Shelf } from "./shelf.js"
import type { Refs } from "./shown.js"
import { folderName, latest, pairOf, type Decision } from "./together.js"

export class Records implements Refs {
  private readonly deliveries = new Map<string, Delivery>()
  private readonly decisions = new Map<string, Decision>()
  private readonly refs = new Map<string, string>()
  private readonly keys = new Map<string, string>()
  private readonly turns = new Turns()
  private filed: Shelf | null = null

  constructor(private readonly store: Store) {}

  async load(): Promise<void> {
    for (const delivery of await this.store.all<Delivery>("documents")) this.deliveries.set(delivery.name, delivery)
    for (const decision of await this.store.all<Decision>("decisions")) this.decisions.set(pairOf(decision), decision)
  }

  versionsOf(document: DocumentId): readonly Delivered[] {
    return this.all().filter((one): one is Delivered => one.kind === "delivered" && one.content.document === document)
  }

  find(name: string): Delivery | null {
    return this.deliveries.get(name) ?? null
  }

  all(): readonly Delivery[] {
    return [...this.deliveries.values()]
  }

  /** The delivery as it is to be stored: what is known already is not unlearnt by what comes again. */
  merged(delivery: Delivery): Delivery {
    const known = this.find(delivery.name)
    if (known?.kind !== "delivered") return delivery
    return delivery.kind === "delivered" ? { ...delivery, atMs: known.atMs, openedAtMs: known.openedAtMs } : known
  }

  put(delivery: Delivery): Promise<Write> {
    return this.store.put("documents", delivery.name, delivery)
  }

  /** What was stored is known from now on. */
  keep(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.deliveries.set(delivery.name, delivery)
    this.filed = null
  }

  async removal(delivery: Delivery): Promise<Write> {
    return this.store.remove("documents", delivery.name)
  }

  forget(deliveries: readonly Delivery[]): void {
    for (const { name } of deliveries) this.deliveries.delete(name)
    this.filed = null
  }

  async decide(said: readonly Decision[]): Promise<void> {
    const decisions = said.map((decision) => latest(this.decisions.get(pairOf(decision)), decision))
    const writes = decisions.map((decision) => this.store.put("decisions", pairOf(decision), decision))
    await this.store.write(await Promise.all(writes), "strict")
    for (const decision of decisions) this.decisions.set(pairOf(decision), decision)
    this.filed = null
  }

  /** What the person said of these folders. */
  decisionsAmong(keys: readonly string[]): readonly Decision[] {
    const names = new Set(keys.map(folderName))
    return [...this.decisions.values()].filter(({ one, other, isSame }) => isSame && names.has(one) && names.has(other))
  }

  /** Everything filed, with a name for each thing that the page may speak of. */
  shelf(): Promise<Shelf> {
    return this.turns.run("shelf", async () => {
      for (;;) {
        if (this.filed !== null) return this.filed
        const delivered = this.all().filter((one): one is Delivered => one.kind === "delivered")
        const shelf = shelve(delivered, [...this.decisions.values()])
        this.filed = shelf
        await this.nameAll(shelf)
      }
    })
  }

  private async nameAll(shelf: Shelf): Promise<void> {
    const names = [
      ...[...shelf.byVersion.keys()].map(documentName),
      ...[...shelf.byFolder.keys()].map(patientName),
    ].filter((name) => !this.refs.has(name))
    for (const name of names) {
      const ref = await this.store.opaque(name)
      this.refs.set(name, ref)
      this.keys.set(ref, name)
    }
  }

  /** Refs. Only for what is on the shelf. */
  documentOf(key: string): DocumentRef {
    return (this.refs.get(documentName(key)) ?? "") as DocumentRef
  }

  /** Refs. Only for what is on the shelf. */
  patientOf(key: string): PatientId {
    return (this.refs.get(patientName(key)) ?? "") as PatientId
  }

  versionIn(ref: DocumentRef): string | null {
    return keyIn(this.keys.get(ref), "version:")
  }

  folderIn(patient: PatientId): string | null {
    return keyIn(this.keys.get(patient), "folder:")
  }
}

const documentName = (key: string): string => `version:${key}`
const patientName = (key: string): string => `folder:${key}`
const keyIn = (name: string | undefined, kind: string): string | null => (name?.startsWith(kind) === true ? name.slice(kind.length) : null)
