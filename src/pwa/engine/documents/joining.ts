/** "Même patient", said of two folders and undone: kept here, and written down for the person's other devices. */
import type { DocumentId } from "../../bridge/documents.js"
import type { ServerClock } from "../clock.js"
import { Refusal } from "../failure.js"
import type { Store } from "../store/store.js"
import type { Folder } from "./folders.js"
import type { Records } from "./records.js"
import type { FiledPatient, Shelf } from "./shelf.js"
import { patientNoted, patientToTie } from "./people.js"
import { decide, type Decision } from "./together.js"
import type { Traces } from "./traces.js"

export class Joining {
  constructor(
    private readonly store: Store,
    private readonly clock: ServerClock,
    private readonly records: Records,
    private readonly traces: Traces,
  ) {}

  async join(shelf: Shelf, one: FiledPatient, other: FiledPatient): Promise<void> {
    const [first, second] = [one.folders[0], other.folders[0]]
    if (first === undefined || second === undefined || first === second) throw new Refusal("not_found")
    await this.say([decide(first.key, second.key, true, this.clock.now())], shelf, first, second)
  }

  /** Every folder of this patient stands alone again. */
  async separate(shelf: Shelf, { folders }: FiledPatient): Promise<void> {
    const [first, second] = folders
    if (first === undefined || second === undefined) return
    const said = this.records.decisionsAmong(folders.map(({ key }) => key))
    await this.say(said.map((one) => ({ ...one, isSame: false, atMs: this.clock.now() })), shelf, first, second)
  }

  private async say(decisions: readonly Decision[], shelf: Shelf, first: Folder, second: Folder): Promise<void> {
    const [document] = first.documents.flatMap((key) => shelf.byVersion.get(key)?.version.delivered.content.document ?? [])
    const [patient, detail] = [patientNoted(patientToTie(first.identity)), patientNoted(patientToTie(second.identity))]
    await this.records.decide(decisions)
    for (const { one, other, isSame } of document === undefined ? [] : decisions) {
      const note = { title: `${one} ${other}`, patient, detail }
      await this.store.write([await this.traces.write(isSame ? "joined" : "separated", document as DocumentId, note)])
    }
    this.traces.send().catch(() => undefined)
  }
}
