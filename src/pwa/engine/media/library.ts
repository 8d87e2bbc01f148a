/** Photographs, files and voices of an open store: sent, fetched, shown. */
import type { BlobId, ChannelId, Target } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { BOX_BYTES, CHUNK_BYTES, storedSize } from "../crypto/blob.js"
import type { BlobReference, Item, Media } from "../crypto/contents/media.js"
import { INFO } from "../crypto/contents/messages.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import type { Store } from "../store/store.js"
import { Departures, type Hand, type NewItem } from "./departures.js"
import { Shelf } from "./shelf.js"
import { fetchBlob, openKept } from "./transfers.js"
import { Withdrawals, type Fate, type Withdrawal } from "./withdrawals.js"

/** A content is held whole in memory to be shown: a phone's worker bears this much. */
const MOST_SHOWN_BYTES = 128 * 1024 * 1024
/** What a deployment takes, while it cannot be asked. */
const USUAL_BLOB_BYTES = 50 * 1024 * 1024

/** Messages that are here, and those in the outbox. */
export interface Messages {
  findMedia(channel: ChannelId, target: Target): Promise<Media | null>
  fateOf(withdrawal: Withdrawal): Promise<Fate>
}

export class Library {
  readonly departures: Departures
  readonly withdrawals: Withdrawals
  readonly shelf: Shelf
  /** One fetch for each blob, whoever asks. */
  private readonly fetching = new Map<BlobId, Promise<void>>()

  constructor(
    private readonly http: Http,
    store: Store,
    now: () => number,
    hand: Hand,
    private readonly messages: Messages,
    private readonly blobBytes: number | null,
  ) {
    this.shelf = new Shelf(store, now)
    this.departures = new Departures(http, store, this.shelf, now, hand)
    this.withdrawals = new Withdrawals(http, store, (withdrawal) => messages.fateOf(withdrawal))
  }

  async load(): Promise<void> {
    await Promise.all([this.shelf.load(), this.departures.load(), this.withdrawals.load()])
  }

  /** The largest content whose sealed form the deployment takes: 12 % go to padding. */
  get limitBytes(): number {
    const stored = this.blobBytes ?? USUAL_BLOB_BYTES
    return Math.floor(((stored * CHUNK_BYTES) / BOX_BYTES) * 0.88)
  }

  send(channel: ChannelId, items: readonly NewItem[], rest: Omit<Media, "type" | "items">): ReturnType<Departures["add"]> {
    if (items.some(({ content }) => content.length > this.limitBytes)) throw new Refusal("blob_too_large")
    return this.departures.add(channel, items, (sealed) => ({ type: "media", items: sealed, ...rest }))
  }

  /** One item of a message that is here, in the outbox, or on its way to it. Refuses with `not_found`. */
  async find(channel: ChannelId, target: Target, index: number): Promise<Item> {
    const departing = this.departures.in(channel).find(({ envelope }) => envelope === target.envelope)
    const said = departing?.said ?? (await this.messages.findMedia(channel, target))
    const item = said?.items[index]
    if (item === undefined) throw new Refusal("not_found")
    return item
  }

  /** The content, from here or from the server. Refuses with `offline`, `not_found` when it is over, `bad_blob`. */
  async open({ blob: reference }: Item): Promise<Bytes> {
    if (reference.size > MOST_SHOWN_BYTES) throw new Refusal("blob_too_large")
    if (!this.shelf.has(reference.blob)) await this.fetch(reference)
    try {
      const content = await openKept(this.shelf, reference)
      await this.shelf.touch(reference.blob)
      return content
    } catch (error) {
      // Damaged here, or thrown away by the browser: the server may still have it.
      if (!(error instanceof Refusal) || (error.code !== "bad_blob" && error.code !== "media_lost")) throw error
      await this.shelf.remove(reference.blob, storedSize(reference.size))
      await this.fetch(reference)
      return openKept(this.shelf, reference)
    }
  }

  /** The content, to leave the app: the server writes it down first. */
  async release(item: Item): Promise<Bytes> {
    await this.http.signed("POST", "/api/account/release", { what: "media" })
    return this.open(item)
  }

  /** The same in another discussion: sealed anew, because one blob in two places would tell the operator that they are the same. */
  async sendAgain({ items, text, site, consent }: Media, to: ChannelId): Promise<void> {
    const again: NewItem[] = []
    for (const item of items) {
      const { mediaType, name, width, height, durationMs, thumbnail, waveform } = item
      again.push({ mediaType, name, width, height, durationMs, thumbnail, waveform, content: await this.open(item) })
    }
    await this.send(to, again, { text, site, consent, replyTo: null, mentions: [], intent: INFO, isForwarded: true })
  }

  /** There is network: what waits goes on. */
  goOn(): void {
    this.departures.send()
    void this.withdrawals.send()
  }

  close(): void {
    this.departures.close()
  }

  private fetch(reference: BlobReference): Promise<void> {
    const under = this.fetching.get(reference.blob)
    if (under !== undefined) return under
    const fetch = fetchBlob(this.http, this.shelf, reference, () => undefined).finally(() => this.fetching.delete(reference.blob))
    this.fetching.set(reference.blob, fetch)
    return fetch
  }
}
