/**
 * Envelopes waiting for the log: stored first, then sent, one at a time for each channel, in the order they were
 * written, and kept until the log shows them back. A retry carries the same bytes.
 */
import type { ChannelId, EnvelopeId } from "../../bridge/models.js"
import type { Keyring } from "../accounts/keyring.js"
import type { ServerClock } from "../clock.js"
import { bodyOf, type Said } from "../crypto/contents/types.js"
import { codeOf, isPassing, Refusal } from "../failure.js"
import { newEnvelope } from "../ids.js"
import type { Link } from "../link.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import type { Book } from "./book.js"
import { pendingName, type Pending } from "./pending.js"
import type { Sealing } from "./sealing.js"

const RETRY_MS = 3_000
/** A server that calls every new epoch stale is not believed for ever. */
const MOST_SEALINGS = 4

export class Outbox {
  private readonly waiting = new Map<ChannelId, readonly Pending[]>()
  private readonly running = new Set<ChannelId>()
  /** Asked for while the channel was being sent from: once more after that. */
  private readonly asked = new Set<ChannelId>()
  private readonly timers = new Map<ChannelId, ReturnType<typeof setTimeout>>()
  /** Told when what waits has changed. */
  onChange: (channel: ChannelId) => void = () => undefined
  /** Whether sending to this channel is suspended. */
  isSuspended: (channel: ChannelId) => boolean = () => false

  constructor(
    private readonly link: Link,
    private readonly store: Store,
    private readonly book: Book,
    private readonly sealing: Sealing,
    private readonly keyring: Keyring,
    private readonly clock: ServerClock,
  ) {}

  async load(): Promise<void> {
    const stored = [...(await this.store.all<Pending>("outbox"))].sort((one, other) => one.counter - other.counter)
    for (const pending of stored) this.waiting.set(pending.channel, [...this.in(pending.channel), pending])
  }

  in(channel: ChannelId): readonly Pending[] {
    return this.waiting.get(channel) ?? []
  }

  find(channel: ChannelId, envelope: EnvelopeId): Pending | null {
    return this.in(channel).find((pending) => pending.envelope === envelope) ?? null
  }

  /** Store what is said, to be sent. It is on the disk when this returns. */
  async add(channel: ChannelId, said: Said, envelope = newEnvelope()): Promise<EnvelopeId> {
    requireBounds(said)
    if (this.isSuspended(channel)) throw new Refusal("identity_refused")
    await this.book.turn(channel, async () => {
      const state = this.book.get(channel)
      const written: Pending = {
        channel,
        envelope,
        device: this.keyring.self.device,
        said,
        counter: state.sent + 1,
        writtenAtMs: this.clock.now(),
        original: null,
        accepted: null,
        failure: null,
      }
      const epoch = await this.sealing.ready(channel)
      const pending = epoch === null ? written : { ...written, original: await this.sealing.seal(written, epoch) }
      const write = await this.store.put("outbox", pendingName(channel, envelope), pending)
      await this.book.commit({ ...state, sent: pending.counter }, [write], "strict")
      this.replace(pending)
    })
    this.send(channel)
    return envelope
  }

  /** The person asks again. */
  async retry(channel: ChannelId, envelope: EnvelopeId): Promise<void> {
    await this.change(channel, envelope, (pending) => ({ ...pending, failure: null }))
    this.send(channel)
  }

  /** The person gives up a message that was never accepted. */
  async discard(channel: ChannelId, envelope: EnvelopeId): Promise<void> {
    await this.book.turn(channel, async () => {
      const pending = this.find(channel, envelope)
      if (pending === null || pending.accepted !== null) return
      await this.store.write([await this.removal(channel, envelope)])
      this.forget(channel, envelope)
    })
  }

  removal(channel: ChannelId, envelope: EnvelopeId): Promise<Write> {
    return this.store.remove("outbox", pendingName(channel, envelope))
  }

  /** The log showed it: what follows its removal from the store. */
  forget(channel: ChannelId, envelope: EnvelopeId): void {
    this.waiting.set(
      channel,
      this.in(channel).filter((pending) => pending.envelope !== envelope),
    )
    this.onChange(channel)
  }

  /** The log was rebuilt without them: they are offered again, with the same bytes. Only in the channel's turn. */
  async offerAgain(channel: ChannelId, lost: readonly Pending[], above: number): Promise<void> {
    const accepted = this.in(channel).filter((pending) => (pending.accepted?.offset ?? 0) > above)
    for (const pending of [...lost, ...accepted]) await this.keep({ ...pending, accepted: null })
    this.send(channel)
  }

  /** The link is open again. */
  sendAll(): void {
    for (const channel of this.waiting.keys()) this.send(channel)
  }

  /** Send what waits in a channel, unless that is under way. */
  send(channel: ChannelId): void {
    if (this.running.has(channel)) {
      this.asked.add(channel)
      return
    }
    this.running.add(channel)
    clearTimeout(this.timers.get(channel))
    this.drain(channel)
      .then((waitMs) => {
        if (waitMs !== null) this.later(channel, waitMs)
      })
      .catch(() => this.later(channel, RETRY_MS))
      .finally(() => {
        this.running.delete(channel)
        if (this.asked.delete(channel)) this.send(channel)
      })
  }

  clear(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
    this.waiting.clear()
  }

  private later(channel: ChannelId, waitMs: number): void {
    clearTimeout(this.timers.get(channel))
    this.timers.set(
      channel,
      setTimeout(() => this.send(channel), waitMs),
    )
  }

  /** Answers how long to wait before the next try, or null when nothing waits for time. */
  private async drain(channel: ChannelId): Promise<number | null> {
    for (let sealings = 0; ; ) {
      const pending = this.in(channel).find(({ accepted, failure }) => accepted === null && failure === null)
      if (pending === undefined || !this.link.isOpen()) return null
      try {
        const { header, sealed } = pending.original ?? (await this.sealNow(pending))
        const { offset, atMs } = await this.link.ask({ kind: "Send", header, sealed })
        await this.change(channel, pending.envelope, (now) => ({ ...now, accepted: { offset, atMs } }))
      } catch (error) {
        const code = codeOf(error)
        if (code === "stale_epoch" && sealings < MOST_SEALINGS) {
          sealings += 1
          this.sealing.markStale(channel)
          await this.change(channel, pending.envelope, (now) => ({ ...now, original: null }))
        } else if (code === "offline" && !this.link.isOpen()) return null
        else if (isPassing(code) || code === "stale_epoch") {
          return Math.max(RETRY_MS, error instanceof Refusal ? error.retryAfterMs : 0)
        } else {
          // Refused for good: the person decides.
          await this.change(channel, pending.envelope, (now) => ({ ...now, failure: code }))
        }
      }
    }
  }

  /** Change what waits, if it still does: its entry may have come before the answer. */
  private change(channel: ChannelId, envelope: EnvelopeId, change: (pending: Pending) => Pending): Promise<void> {
    return this.book.turn(channel, async () => {
      const pending = this.find(channel, envelope)
      if (pending !== null) await this.keep(change(pending))
    })
  }

  private async sealNow(pending: Pending): Promise<NonNullable<Pending["original"]>> {
    return this.book.turn(pending.channel, async () => {
      const original = await this.sealing.seal(pending, await this.sealing.prepare(pending.channel))
      await this.keep({ ...pending, original })
      return original
    })
  }

  private async keep(pending: Pending): Promise<void> {
    const { channel, envelope } = pending
    await this.store.write([await this.store.put("outbox", pendingName(channel, envelope), pending)], "strict")
    this.replace(pending)
  }

  private replace(pending: Pending): void {
    const others = this.in(pending.channel)
    const index = others.findIndex(({ envelope }) => envelope === pending.envelope)
    const next = index === -1 ? [...others, pending] : others.with(index, pending)
    this.waiting.set(
      pending.channel,
      next.toSorted((one, other) => one.counter - other.counter),
    )
    this.onChange(pending.channel)
  }
}

function requireBounds(said: Said): void {
  try {
    bodyOf(said)
  } catch {
    throw new Refusal("too_long")
  }
}
