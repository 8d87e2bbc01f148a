/** Photographs, files and voices of an open store: sent, fetched, shown. */
import type { BlobId, ChannelId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import type { BlobReference, Item } from "../crypto/contents/media.js"
import { storedSize } from "../crypto/blob.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import type { Store } from "../store/store.js"
import { Departures, type Hand } from "./departures.js"
import { Shelf } from "./shelf.js"
import { fetchBlob, openKept } from "./transfers.js"

/** A content is held whole in memory to be shown: a phone's worker bears this much. */
const MOST_SHOWN_BYTES = 128 * 1024 * 1024

export class Library {
  readonly departures: Departures
  readonly shelf: Shelf
  /** One fetch for each blob, whoever asks. */
  private readonly fetching = new Map<BlobId, Promise<void>>()

  constructor(
    private readonly http: Http,
    store: Store,
    now: () => number,
    hand: Hand,
  ) {
    this.shelf = new Shelf(store, now)
    this.departures = new Departures(http, store, this.shelf, now, hand)
  }

  async load(): Promise<void> {
    await Promise.all([this.shelf.load(), this.departures.load()])
  }

  /** Whether it opens without the network. */
  isHere(item: Item): boolean {
    return this.shelf.has(item.blob.blob)
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

  /** Messages of a channel are gone: what opened by them only takes room. */
  async forget(references: readonly BlobReference[]): Promise<void> {
    for (const { blob, size } of references) if (this.shelf.has(blob)) await this.shelf.remove(blob, storedSize(size))
  }

  onChange(tell: (channel: ChannelId) => void): void {
    this.departures.onChange = tell
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
