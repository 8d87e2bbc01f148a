/**
 * What the person did with documents on their other devices, read from the log of their own traces: what was opened
 * there is not new here, and folders that were put together there are so here.
 *
 * The log is read backwards to where this device has read it, or to the retention, and applied forwards: cut off, it
 * goes on from there. What it says of a document that is not here yet is kept, and counts when it comes.
 */
import type { DocumentId } from "../../bridge/documents.js"
import type { Keyring } from "../accounts/keyring.js"
import type { ServerClock } from "../clock.js"
import type { Store } from "../store/store.js"
import type { Delivered } from "./delivery.js"
import type { Records } from "./records.js"
import type { Heard, Traces } from "./traces.js"
import { decided, type Decision } from "./together.js"

const DAY_MS = 24 * 3_600_000

/** A document that another device opened. */
type Opening = { readonly document: DocumentId; readonly atMs: number }

type Ports = { readonly keyring: Keyring; readonly clock: ServerClock; readonly store: Store }

export class Elsewhere {
  private readonly opened = new Map<DocumentId, number>()

  constructor(
    private readonly ports: Ports,
    private readonly traces: Traces,
    private readonly records: Records,
    private readonly onChange: () => void,
  ) {}

  /** What was heard before; what retention forgets is forgotten here. */
  async load(): Promise<void> {
    const { clock, keyring, store } = this.ports
    const horizonMs = clock.now() - keyring.self.retentionDays * DAY_MS
    const kept = await store.all<Opening>("openings")
    for (const { document, atMs } of kept) this.opened.set(document, atMs)
    const old = kept.filter(({ atMs }) => atMs < horizonMs)
    for (const { document } of old) this.opened.delete(document)
    if (old.length > 0) await store.write(await Promise.all(old.map(({ document }) => store.remove("openings", nameOf(document)))))
  }

  /** Throws only what passes. */
  async catchUp(): Promise<void> {
    const { keyring, clock } = this.ports
    const after = keyring.self.tracesSeen ?? 0
    const heard = await this.traces.heardSince(after, clock.now() - keyring.self.retentionDays * DAY_MS)
    const newest = heard[0]?.number
    if (newest === undefined) return
    const oldestFirst = heard.toReversed()
    await this.note(oldestFirst.filter(({ kind }) => kind === "opened"))
    const versions = [...new Set(oldestFirst.map(({ document }) => document))].flatMap((document) => this.records.versionsOf(document))
    await this.apply(versions.flatMap((one) => this.asOpened(one) ?? []), oldestFirst.flatMap((one) => decisionIn(one) ?? []))
    await keyring.change((self) => ({ ...self, tracesSeen: newest }))
  }

  /** On the disk before the log counts as read: the document may come in another life of this device. */
  private async note(openings: readonly Opening[]): Promise<void> {
    const { store } = this.ports
    const latest = new Map(openings.map(({ document, atMs }) => [document, { document, atMs }]))
    await store.write(await Promise.all([...latest.values()].map((one) => store.put("openings", nameOf(one.document), one))))
    for (const { document, atMs } of latest.values()) this.opened.set(document, atMs)
  }

  private async apply(opened: readonly Delivered[], decisions: readonly Decision[]): Promise<void> {
    await this.ports.store.write(await Promise.all(opened.map((one) => this.records.put(one))))
    if (decisions.length > 0) await this.records.decide(decisions)
    this.records.keep(opened)
    if (opened.length + decisions.length > 0) this.onChange()
  }

  /** A version that came before it was opened elsewhere, as opened; null when it was not, or is known to be. */
  asOpened(delivered: Delivered): Delivered | null {
    const atMs = this.opened.get(delivered.content.document) ?? 0
    return delivered.openedAtMs === null && delivered.atMs <= atMs ? { ...delivered, openedAtMs: atMs } : null
  }
}

const nameOf = (document: DocumentId): string => `opening:${document}`

function decisionIn({ kind, folders, atMs }: Heard): Decision | null {
  const [one, other] = folders
  if ((kind !== "joined" && kind !== "separated") || one === undefined || other === undefined) return null
  return decided(one, other, kind === "joined", atMs)
}
