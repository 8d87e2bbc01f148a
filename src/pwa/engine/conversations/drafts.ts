/** What was written and not sent, kept with the discussion. */
import type { ChannelId } from "../../bridge/models.js"
import type { Store } from "../store/store.js"

type Draft = { readonly channel: ChannelId; readonly text: string }

export class Drafts {
  private readonly drafts = new Map<ChannelId, string>()

  constructor(private readonly store: Store) {}

  async load(): Promise<void> {
    for (const { channel, text } of await this.store.all<Draft>("drafts")) this.drafts.set(channel, text)
  }

  find(channel: ChannelId): string {
    return this.drafts.get(channel) ?? ""
  }

  async save(channel: ChannelId, text: string): Promise<void> {
    if (text === this.find(channel)) return
    this.drafts.set(channel, text)
    const draft: Draft = { channel, text }
    const write = text === "" ? this.store.remove("drafts", channel) : this.store.put("drafts", channel, draft)
    await this.store.write([await write])
  }
}
