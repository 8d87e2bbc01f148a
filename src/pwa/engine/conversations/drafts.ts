/** What was written and not sent, kept with the discussion. */
import type { ChannelId, Draft } from "../../bridge/models.js"
import type { Store } from "../store/store.js"

type Kept = Draft & { readonly channel: ChannelId }

const EMPTY: Draft = { text: "", replyTo: null, intent: { kind: "info" } }

export class Drafts {
  private readonly drafts = new Map<ChannelId, Draft>()

  constructor(private readonly store: Store) {}

  async load(): Promise<void> {
    for (const { channel, ...draft } of await this.store.all<Kept>("drafts")) this.drafts.set(channel, { ...EMPTY, ...draft })
  }

  find(channel: ChannelId): Draft {
    return this.drafts.get(channel) ?? EMPTY
  }

  async save(channel: ChannelId, draft: Draft): Promise<void> {
    if (JSON.stringify(draft) === JSON.stringify(this.find(channel))) return
    const isEmpty = draft.text === "" && draft.replyTo === null && draft.intent.kind === "info"
    this.drafts.set(channel, draft)
    const kept: Kept = { channel, ...draft }
    const write = isEmpty ? this.store.remove("drafts", channel) : this.store.put("drafts", channel, kept)
    await this.store.write([await write])
  }

  clear(channel: ChannelId): Promise<void> {
    return this.save(channel, EMPTY)
  }
}
