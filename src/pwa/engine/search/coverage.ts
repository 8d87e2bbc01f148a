/** Which part of each log the segments cover, told from the newest segment to the oldest. */
import type { ChannelId } from "../../bridge/models.js"
import { WHOLE, type Reach } from "./segments.js"

export type Hole = { readonly from: number; readonly to: number }

type Known = { need: number; since: number; readonly holes: Hole[] }

export class Coverage {
  private readonly known: ReadonlyMap<ChannelId, Known>

  /** `ends`: how far each log went when the store was opened; what came since is known otherwise. */
  constructor(ends: ReadonlyMap<ChannelId, number>) {
    this.known = new Map([...ends].map(([channel, need]) => [channel, { need, since: 0, holes: [] }]))
  }

  take({ channel, from, to, since }: Reach): void {
    const known = this.known.get(channel)
    if (known === undefined || from >= known.need) return
    if (to < known.need) known.holes.push({ from: to, to: known.need })
    known.need = from
    if (from === WHOLE) known.since = since
  }

  /** Whether what a segment says of this channel counts. */
  counts(channel: ChannelId, number: number): boolean {
    const known = this.known.get(channel)
    return known !== undefined && number >= known.since
  }

  /** What is to be read again; null for the whole log. */
  holesOf(channel: ChannelId): readonly Hole[] | null {
    const known = this.known.get(channel)
    return known?.need === WHOLE ? known.holes : null
  }
}
