/**
 * Messages with photographs or files on their way: sealed and stored first, uploaded one after the other, and only
 * then put into the outbox, so that no text ever waits for a picture. All of it survives a reload.
 */
import type { BlobId, ChannelId, EnvelopeId } from "../../bridge/models.js"
import type { FailureCode } from "../../bridge/commands.js"
import type { Bytes } from "../bytes.js"
import { newBlobKey, sealBlob, storedSize } from "../crypto/blob.js"
import type { SharedDocument } from "../crypto/contents/document.js"
import type { Item, Media } from "../crypto/contents/media.js"
import { join } from "../crypto/msgpack.js"
import { hash32 } from "../crypto/suite.js"
import { codeOf, isPassing, Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { newBlob, newEnvelope } from "../ids.js"
import type { Store } from "../store/store.js"
import { PART_BYTES, type Shelf } from "./shelf.js"
import { upload } from "./transfers.js"

const RETRY_MS = 5_000

/** What is said with blobs that are uploaded first. */
export type Carried = Media | SharedDocument
/** What is said, once its blobs are sealed. */
export type Carrying = (items: readonly Item[]) => Carried

/** What a person adds to a message: its bytes, and what is known of them. */
export type NewItem = Omit<Item, "blob"> & { readonly content: Uint8Array }

export type Departure = {
  readonly channel: ChannelId
  readonly envelope: EnvelopeId
  readonly said: Carried
  readonly writtenAtMs: number
  readonly failure: FailureCode | null
}

const departureName = (envelope: EnvelopeId): string => `departure:${envelope}`

/** Hands a message whose media are on the server to the outbox. */
export type Hand = (channel: ChannelId, said: Carried, envelope: EnvelopeId) => Promise<unknown>

export class Departures {
  private readonly waiting = new Map<EnvelopeId, Departure>()
  private readonly sent = new Map<BlobId, number>()
  private isRunning = false
  private isAsked = false
  private isClosed = false
  private timer: ReturnType<typeof setTimeout> | undefined
  onChange: (channel: ChannelId) => void = () => undefined

  constructor(
    private readonly http: Http,
    private readonly store: Store,
    private readonly shelf: Shelf,
    private readonly now: () => number,
    private readonly hand: Hand,
  ) {}

  async load(): Promise<void> {
    const stored = [...(await this.store.all<Departure>("departures"))]
    stored.sort((one, other) => one.writtenAtMs - other.writtenAtMs)
    for (const departure of stored) this.waiting.set(departure.envelope, departure)
  }

  in(channel: ChannelId): readonly Departure[] {
    return [...this.waiting.values()].filter((departure) => departure.channel === channel)
  }

  /** How much of a message's media is on the server, from 0 to 1. */
  progress({ said }: Departure): number {
    const sizes = said.items.map(({ blob }) => storedSize(blob.size))
    const sent = said.items.map(({ blob }) => this.sent.get(blob.blob) ?? 0)
    return sum(sent) / Math.max(1, sum(sizes))
  }

  /** Seal the media and store the message. It is on the disk when this returns. */
  async add(channel: ChannelId, items: readonly NewItem[], said: Carrying): Promise<EnvelopeId> {
    const sealed: Item[] = []
    for (const item of items) sealed.push(await this.seal(item))
    const departure: Departure = {
      channel,
      envelope: newEnvelope(),
      said: said(sealed),
      writtenAtMs: this.now(),
      failure: null,
    }
    await this.keep(departure)
    this.send()
    return departure.envelope
  }

  async retry(envelope: EnvelopeId): Promise<boolean> {
    const departure = this.waiting.get(envelope)
    if (departure === undefined) return false
    await this.keep({ ...departure, failure: null })
    this.send()
    return true
  }

  /** The person gives it up; what is on the server already goes by itself within a day. */
  async discard(envelope: EnvelopeId): Promise<boolean> {
    const departure = this.waiting.get(envelope)
    if (departure === undefined) return false
    await this.forget(departure)
    for (const { blob } of departure.said.items) await this.shelf.remove(blob.blob, storedSize(blob.size))
    return true
  }

  /** Upload what waits, unless that is under way. */
  send(): void {
    if (this.isRunning) {
      this.isAsked = true
      return
    }
    this.isRunning = true
    clearTimeout(this.timer)
    this.drain()
      .then((waitMs) => {
        if (waitMs !== null && !this.isClosed) this.timer = setTimeout(() => this.send(), waitMs)
      })
      .catch(() => undefined)
      .finally(() => {
        this.isRunning = false
        if (this.isAsked && !this.isClosed) {
          this.isAsked = false
          this.send()
        }
      })
  }

  close(): void {
    this.isClosed = true
    clearTimeout(this.timer)
    this.onChange = () => undefined
  }

  /** Answers how long to wait before the next try, or null when nothing waits for time. */
  private async drain(): Promise<number | null> {
    for (;;) {
      const next = [...this.waiting.values()].find(({ failure }) => failure === null)
      if (next === undefined || this.isClosed) return null
      try {
        for (const item of next.said.items) await this.upload(next, item)
        // Given up while it was under way.
        if (this.waiting.get(next.envelope) === undefined) continue
        await this.hand(next.channel, next.said, next.envelope)
        await this.forget(next)
        for (const { blob } of next.said.items) await this.shelf.unpin(blob.blob)
      } catch (error) {
        const code = codeOf(error)
        if (code === "locked" || code === "not_signed_in") return null
        if (isPassing(code)) return Math.max(RETRY_MS, error instanceof Refusal ? error.retryAfterMs : 0)
        // Refused for good: the person decides.
        if (this.waiting.has(next.envelope)) await this.keep({ ...next, failure: code })
      }
    }
  }

  private async upload({ channel }: Departure, { blob: { blob, size } }: Item): Promise<void> {
    await upload(this.http, this.shelf, blob, storedSize(size), channel, (sentBytes) => {
      this.sent.set(blob, sentBytes)
      this.onChange(channel)
    })
  }

  private async seal({ content, ...rest }: NewItem): Promise<Item> {
    const [blob, key] = [newBlob(), newBlobKey()]
    let [held, number]: [Bytes[], number] = [[], 0]
    const flush = async (): Promise<void> => {
      if (held.length === 0) return
      await this.shelf.putPart(blob, number++, join(held))
      held = []
    }
    for await (const box of sealBlob(key, blob, content)) {
      held.push(box)
      if (held.reduce((total, { length }) => total + length, 0) >= PART_BYTES) await flush()
    }
    await flush()
    await this.shelf.keep(blob, storedSize(content.length), true)
    return { ...rest, blob: { blob, key, size: content.length, hash: await hash32(content) } }
  }

  private async keep(departure: Departure): Promise<void> {
    const name = departureName(departure.envelope)
    await this.store.write([await this.store.put("departures", name, departure)], "strict")
    this.waiting.set(departure.envelope, departure)
    this.onChange(departure.channel)
  }

  private async forget({ envelope, channel, said }: Departure): Promise<void> {
    await this.store.write([await this.store.remove("departures", departureName(envelope))])
    this.waiting.delete(envelope)
    for (const { blob } of said.items) this.sent.delete(blob.blob)
    this.onChange(channel)
  }
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
