/** What a person says in a conversation, and what they say about what was said. */
import type { Written } from "../../bridge/commands/conversations.js"
import type { AccountId, ChannelId, Draft, EnvelopeId, MessageInfo, Patient, Target } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import type { ServerClock } from "../clock.js"
import { EDITABLE_MS, type Text } from "../crypto/contents/messages.js"
import type { Said } from "../crypto/contents/types.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import type { Store } from "../store/store.js"
import { repeated } from "./agreements.js"
import type { Book } from "./book.js"
import { isAdmin, isMember } from "./channel.js"
import { NO_CONTEXT, saidFrom } from "./contents.js"
import type { Drafts } from "./drafts.js"
import { contentShown, nameOfTarget, type StoredMessage } from "./message.js"
import type { Outbox } from "./outbox.js"

export class Saying {
  constructor(
    private readonly store: Store,
    private readonly book: Book,
    private readonly outbox: Outbox,
    private readonly drafts: Drafts,
    private readonly clock: ServerClock,
    private readonly me: AccountId,
    private readonly http: Http,
    private readonly retentionMs: (channel: ChannelId) => number,
  ) {}

  async text(channel: ChannelId, written: Written): Promise<EnvelopeId> {
    const mentions = written.mentions.filter((account) => isMember(this.book.get(channel), account))
    const said: Text = { type: "text", ...written, mentions, isForwarded: false }
    const envelope = await this.outbox.add(channel, said)
    await this.drafts.clear(channel)
    await this.restate(channel)
    return envelope
  }

  async saveDraft(channel: ChannelId, draft: Draft): Promise<void> {
    await this.drafts.save(channel, draft)
  }

  /** Words to begin with, unless the person has begun already. */
  async suggest(channel: ChannelId, text: string): Promise<void> {
    if (text !== "" && this.drafts.find(channel).text === "") await this.drafts.save(channel, { text, replyTo: null, intent: { kind: "info" } })
  }

  /** Refuses with `too_late` beyond the time in which a message may be changed. */
  async edit(channel: ChannelId, target: Target, text: string, mentions: readonly AccountId[]): Promise<void> {
    const stored = await this.own(channel, target)
    if (stored.content.kind !== "text") throw new Refusal("refused")
    const members = mentions.filter((account) => isMember(this.book.get(channel), account))
    await this.say(channel, { type: "edit", target, text, mentions: members })
  }

  /** Withdraw an own message for everyone. Refuses with `too_late`. */
  async withdraw(channel: ChannelId, target: Target, envelope: EnvelopeId): Promise<void> {
    await this.own(channel, target)
    await this.outbox.add(channel, { type: "delete", target }, envelope)
  }

  /** One emoji of this person; empty takes it back. */
  async react(channel: ChannelId, target: Target, emoji: string): Promise<void> {
    await this.say(channel, { type: "reaction", target, emoji })
  }

  async takeCharge(channel: ChannelId, target: Target, isReleased: boolean): Promise<void> {
    await this.say(channel, { type: "taken", target, isReleased })
  }

  /** The words of a message, said again elsewhere; who reads them was confirmed by the person. */
  async forward(channel: ChannelId, target: Target, to: ChannelId): Promise<void> {
    const stored = await this.find(channel, target)
    const content = contentShown(stored, stored.about)
    if (content === null || content.kind === "deleted") throw new Refusal("not_found")
    const said = content.kind === "text" ? saidFrom(content, { ...NO_CONTEXT, isForwarded: true }) : null
    if (said === null) throw new Refusal("refused")
    await this.say(to, said)
  }

  /** How far each of the others has come with a message. */
  async info(channel: ChannelId, target: Target): Promise<MessageInfo> {
    const { offset } = await this.find(channel, target)
    const { members, marks } = this.book.get(channel)
    const people = members
      .filter(({ account }) => account !== this.me)
      .map(({ account }) => {
        const { delivered = 0, read = 0 } = marks[account] ?? {}
        const isAt = (mark: number): boolean => offset !== null && mark >= offset
        return { account, delivery: isAt(read) ? "read" : isAt(delivered) ? "delivered" : "sent" } as const
      })
    return { people }
  }

  /** Tie the conversation to a patient, or to nobody. */
  async setPatient(channel: ChannelId, patient: Patient | null): Promise<void> {
    await this.say(channel, { type: "settings", patient, since: 0 })
  }

  /** The picture of a group; empty for none. */
  async setPicture(channel: ChannelId, picture: Bytes): Promise<void> {
    if (!isAdmin(this.book.get(channel), this.me)) throw new Refusal("refused")
    await this.say(channel, { type: "settings", picture, since: 0 })
  }

  /** How long messages stay: the server forgets from now on, and every device once it has read it. */
  async setRetention(channel: ChannelId, days: number): Promise<void> {
    await this.http.signed("PUT", `/api/conversations/${channel}/retention`, { days })
    await this.say(channel, { type: "settings", retentionDays: days, since: 0 })
  }

  picture(channel: ChannelId): Bytes | null {
    const { picture } = this.book.get(channel).agreements
    return picture === null || picture.value.length === 0 ? null : picture.value
  }

  /** Say what was agreed on again, when it is half forgotten or new members cannot read it. */
  async restate(channel: ChannelId, isForNewcomers = false): Promise<void> {
    const state = this.book.get(channel)
    const { agreements } = state
    const isOld = agreements.saidAtMs > 0 && this.clock.now() - agreements.saidAtMs > this.retentionMs(channel) / 2
    if (!isOld && !isForNewcomers) return
    const isWaiting = this.outbox.in(channel).some(({ said }) => said.type === "settings")
    if (isWaiting) return
    for (const said of repeated(agreements, isAdmin(state, this.me))) await this.outbox.add(channel, said)
  }

  private async say(channel: ChannelId, said: Said): Promise<void> {
    await this.outbox.add(channel, said)
  }

  private async own(channel: ChannelId, target: Target): Promise<StoredMessage> {
    const stored = await this.find(channel, target)
    if (stored.author !== this.me) throw new Refusal("refused")
    if (this.clock.now() - stored.sentAtMs > EDITABLE_MS) throw new Refusal("too_late")
    return stored
  }

  private async find(channel: ChannelId, target: Target): Promise<StoredMessage> {
    const stored = await this.store.getMessage<StoredMessage>(nameOfTarget(channel, target))
    if (stored === null) throw new Refusal("not_found")
    return stored
  }
}
