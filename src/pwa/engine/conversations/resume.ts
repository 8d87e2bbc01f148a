/** Catching up with the log: which channels are asked for, and when again. */
import type { ChannelId } from "../../bridge/models.js"
import { codeOf, isPassing } from "../failure.js"
import type { Link } from "../link.js"
import type { ChannelState } from "../../protocol/frames.js"
import { limits } from "../../protocol/limits.js"
import type { Book } from "./book.js"

const LATER_MS = 4_000

export class Resumption {
  private readonly wanted = new Set<ChannelId>()
  private readonly later = new Set<ChannelId>()
  private isRunning = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly link: Link,
    private readonly book: Book,
    /** Everything that came so far is applied. */
    private readonly settled: () => Promise<void>,
    /** Everything of a channel is on this device; whether something has come of it just now. */
    private readonly onHead: (channel: ChannelId, hasMoved: boolean) => void,
  ) {}

  /** Read what is missing in these channels. Without a link it is forgotten: a new link asks for every channel. */
  want(channels: readonly ChannelId[]): void {
    for (const channel of channels) this.wanted.add(channel)
    if (this.isRunning) return
    this.isRunning = true
    void this.run()
  }

  /** The same for every channel that is known here, and these. */
  wantAll(...more: readonly ChannelId[]): void {
    this.want([...this.book.all().map(({ channel }) => channel), ...more])
  }

  /** The same, after something that stands in the way had time to pass. */
  wantLater(channel: ChannelId): void {
    this.later.add(channel)
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      this.want([...this.later])
      this.later.clear()
    }, LATER_MS)
  }

  clear(): void {
    clearTimeout(this.timer)
    this.wanted.clear()
  }

  private async run(): Promise<void> {
    while (this.wanted.size > 0) {
      const channels = [...this.wanted].slice(0, limits.cursors)
      for (const channel of channels) this.wanted.delete(channel)
      try {
        await this.read(channels)
      } catch (error) {
        this.putOff(channels, error)
      }
    }
    this.isRunning = false
  }

  private async read(channels: readonly ChannelId[]): Promise<void> {
    const cursors = channels.map((channel) => this.book.get(channel))
    const { states } = await this.link.ask({
      kind: "Resume",
      cursors: cursors.map(({ channel, incarnation, offset }) => ({ channel, incarnation, offset })),
    })
    await this.settled()
    for (const state of states) this.follow(state, cursors.find(({ channel }) => channel === state.channel)?.offset ?? 0)
  }

  /** On a link that is open the server could not answer now: it is asked again. */
  private putOff(channels: readonly ChannelId[], error: unknown): void {
    if (!this.link.isOpen()) this.wanted.clear()
    else if (isPassing(codeOf(error))) for (const channel of channels) this.wantLater(channel)
  }

  /** More is there: again at once when this round brought something, otherwise later. */
  private follow({ channel, head, next }: ChannelState, before: number): void {
    const name = channel as ChannelId
    const { offset } = this.book.get(name)
    if (offset >= head) this.onHead(name, offset > before)
    else if (offset > before && offset >= next) this.wanted.add(name)
    else this.wantLater(name)
  }
}
