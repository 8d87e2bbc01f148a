/** Messages of photographs, files and voices, between the library that uploads them and the outbox. */
import type { AccountId, ChannelId, DeviceId, EnvelopeId, Target } from "../../bridge/models.js"
import type { Media } from "../crypto/contents/media.js"
import type { Sharing } from "../documents/shared.js"
import type { Carried } from "../media/departures.js"
import type { Messages } from "../media/library.js"
import type { Fate, Withdrawal } from "../media/withdrawals.js"
import type { Store } from "../store/store.js"
import { contentShown, messageName, nameOfTarget, type StoredMessage } from "./message.js"
import type { Outbox } from "./outbox.js"

export class MediaMessages implements Messages {
  constructor(
    private readonly store: Store,
    private readonly outbox: Outbox,
    private readonly device: DeviceId,
    private readonly me: AccountId,
  ) {}

  /** Its media are on the server now; handed over twice after a crash, it is one message. */
  async handOver(channel: ChannelId, said: Carried, envelope: EnvelopeId): Promise<void> {
    if (this.outbox.find(channel, envelope) !== null) return
    if ((await this.store.getMessage(messageName(channel, this.device, envelope))) !== null) return
    await this.outbox.add(channel, said, envelope)
  }

  /** The document of a message that is here, or that waits to be sent. */
  async findDocument(channel: ChannelId, target: Target): Promise<Sharing | null> {
    const waiting = this.outbox.find(channel, target.envelope)
    if (waiting?.said.type === "document") return { author: this.me, sentAtMs: waiting.writtenAtMs, said: waiting.said }
    const stored = await this.store.getMessage<StoredMessage>(nameOfTarget(channel, target))
    if (stored?.content.kind !== "document" || contentShown(stored, stored.about)?.kind !== "document") return null
    return { author: stored.author, sentAtMs: stored.sentAtMs, said: stored.content.said }
  }

  /** What of a message is in blobs. */
  async findCarried(channel: ChannelId, target: Target): Promise<Carried | null> {
    return (await this.findMedia(channel, target)) ?? (await this.findDocument(channel, target))?.said ?? null
  }

  async fateOf({ channel, target, envelope }: Withdrawal): Promise<Fate> {
    if (this.outbox.find(channel, envelope) !== null) return "waiting"
    const stored = await this.store.getMessage<StoredMessage>(nameOfTarget(channel, target))
    return stored === null || contentShown(stored, stored.about)?.kind === "deleted" ? "gone" : "void"
  }

  /** The media of a message that is here, or that waits to be sent. */
  async findMedia(channel: ChannelId, target: Target): Promise<Media | null> {
    const waiting = this.outbox.find(channel, target.envelope)
    if (waiting?.said.type === "media") return waiting.said
    const stored = await this.store.getMessage<StoredMessage>(nameOfTarget(channel, target))
    return stored?.content.kind === "media" ? stored.content.said : null
  }
}
