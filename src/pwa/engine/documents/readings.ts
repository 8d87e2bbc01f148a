/** What the person does with a document that they received, written down: opened, saved. */
import type { ServerClock } from "../clock.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { versionKey, type Delivered } from "./delivery.js"
import { patientNoted, patientToTie } from "./people.js"
import type { Records } from "./records.js"
import type { TraceKind, Traces } from "./traces.js"

const SAME_READING_MS = 10 * 60_000

export class Readings {
  private readonly readAtMs = new Map<string, number>()

  constructor(
    private readonly store: Store,
    private readonly clock: ServerClock,
    private readonly records: Records,
    private readonly traces: Traces,
    private readonly onChange: () => void,
  ) {}

  /** It is on screen; again within minutes is the same reading. */
  async opened(delivered: Delivered): Promise<void> {
    const now = this.clock.now()
    const key = versionKey(delivered)
    if (now - (this.readAtMs.get(key) ?? 0) < SAME_READING_MS) return
    this.readAtMs.set(key, now)
    const opened: Delivered = delivered.openedAtMs === null ? { ...delivered, openedAtMs: now } : delivered
    await this.store.write([await this.records.put(opened), await this.trace("opened", delivered)])
    this.records.keep([opened])
    this.onChange()
    this.traces.send().catch(() => undefined)
  }

  /** It is about to leave Lien: written down, for good, before it does. */
  async saved(delivered: Delivered): Promise<void> {
    await this.store.write([await this.trace("saved", delivered)], "strict")
    this.traces.send().catch(() => undefined)
  }

  private trace(kind: TraceKind, { content }: Delivered): Promise<Write> {
    return this.traces.write(kind, content.document, { title: content.filing.title, patient: patientNoted(patientToTie(content.patient)), detail: "" })
  }
}
