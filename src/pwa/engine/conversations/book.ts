/** Every channel of this device: in memory as values, in the store as records, changed one at a time. */
import type { ChannelId } from "../../bridge/models.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { Turns } from "../turns.js"
import { newChannel, type Channel } from "./channel.js"

export class Book {
  private readonly channels = new Map<ChannelId, Channel>()
  private readonly turns = new Turns()
  /** Told after a change is stored. */
  onChange: (channel: ChannelId) => void = () => undefined

  constructor(private readonly store: Store) {}

  async load(): Promise<void> {
    for (const stored of await this.store.all<Channel>("channels")) {
      const { channel } = stored
      const begun = newChannel(channel)
      // What an older version kept lacks what came since.
      this.channels.set(channel, { ...begun, ...stored, preference: { ...begun.preference, ...stored.preference } })
    }
  }

  find(channel: ChannelId): Channel | null {
    return this.channels.get(channel) ?? null
  }

  /** The channel as it is known, or as it begins. */
  get(channel: ChannelId): Channel {
    return this.channels.get(channel) ?? newChannel(channel)
  }

  all(): readonly Channel[] {
    return [...this.channels.values()]
  }

  /** Alone on this channel until the task ends: whatever reads a channel to change it does so in a turn. */
  turn<T>(channel: ChannelId, task: () => Promise<T>): Promise<T> {
    return this.turns.run(channel, task)
  }

  /** Store the channel and what belongs to it in one transaction. Only in the channel's turn. */
  async commit(channel: Channel, writes: readonly Write[] = [], durability?: "relaxed" | "strict"): Promise<void> {
    const write = await this.store.put("channels", channel.channel, channel)
    await this.store.write([write, ...writes], durability)
    this.channels.set(channel.channel, channel)
    this.onChange(channel.channel)
  }

  /** Change a channel by a pure function, in its own turn. */
  change(channel: ChannelId, change: (channel: Channel) => Channel): Promise<void> {
    return this.turn(channel, async () => {
      const before = this.get(channel)
      const after = change(before)
      if (after !== before) await this.commit(after)
    })
  }
}
