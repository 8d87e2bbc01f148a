/**
 * Blobs on this device: the sealed bytes that wait to be uploaded, and those that were fetched, kept within a bound.
 *
 * A part is kept as it travels, sealed under its blob's key; that key is only in the message, which is sealed by the
 * local key. So what lies here opens no more once the message is forgotten.
 */
import type { BlobId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { BOX_BYTES } from "../crypto/blob.js"
import type { Store } from "../store/store.js"

/** What one request carries and one row holds: four chunks. */
export const PART_BYTES = 4 * BOX_BYTES
/** Fetched blobs beyond this go, those that were looked at longest ago first. What waits to be sent never does. */
export const SHELF_BYTES = 200 * 1024 * 1024

type Kept = {
  readonly blob: BlobId
  /** Sealed bytes in all. */
  readonly size: number
  readonly usedAtMs: number
  /** It waits to be uploaded: it exists nowhere else. */
  readonly isPinned: boolean
}

export const partCount = (size: number): number => Math.ceil(size / PART_BYTES)
const blobName = (blob: BlobId): string => `blob:${blob}`
const partName = (blob: BlobId, number: number): string => `part:${blob}:${number}`

export class Shelf {
  private readonly kept = new Map<BlobId, Kept>()

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
    private readonly bound = SHELF_BYTES,
  ) {}

  async load(): Promise<void> {
    for (const kept of await this.store.all<Kept>("blobs")) this.kept.set(kept.blob, kept)
  }

  has(blob: BlobId): boolean {
    return this.kept.has(blob)
  }

  /** The bytes kept for what was fetched or sent. */
  get bytes(): number {
    return [...this.kept.values()].reduce((sum, { size }) => sum + size, 0)
  }

  /** Keep a part before its blob is whole. */
  async putPart(blob: BlobId, number: number, part: Bytes): Promise<void> {
    await this.store.write([await this.store.putRaw(partName(blob, number), part)])
  }

  /** All parts are here: from now on it is found. Pinned, it is on the disk when this returns. */
  async keep(blob: BlobId, size: number, isPinned: boolean): Promise<void> {
    const kept = { blob, size, usedAtMs: this.now(), isPinned }
    await this.store.write([await this.store.put("blobs", blobName(blob), kept)], isPinned ? "strict" : "relaxed")
    this.kept.set(blob, kept)
    await this.shrink(blob)
  }

  /** A part of a blob that is here; null when the browser lost it. */
  async part(blob: BlobId, number: number): Promise<Bytes | null> {
    return this.store.getRaw(partName(blob, number))
  }

  /** Somebody looked at it. */
  async touch(blob: BlobId): Promise<void> {
    const kept = this.kept.get(blob)
    if (kept !== undefined) await this.keep(blob, kept.size, kept.isPinned)
  }

  /** It is on the server: from now on it may make place for others. */
  async unpin(blob: BlobId): Promise<void> {
    const kept = this.kept.get(blob)
    if (kept?.isPinned === true) await this.keep(blob, kept.size, false)
  }

  async remove(blob: BlobId, size: number): Promise<void> {
    const parts = Array.from({ length: partCount(size) }, (_, number) => this.store.remove("parts", partName(blob, number)))
    await this.store.write([await this.store.remove("blobs", blobName(blob)), ...(await Promise.all(parts))])
    this.kept.delete(blob)
  }

  private async shrink(newest: BlobId): Promise<void> {
    const oldest = [...this.kept.values()].filter(({ blob, isPinned }) => !isPinned && blob !== newest)
    oldest.sort((one, other) => one.usedAtMs - other.usedAtMs)
    for (const { blob, size } of oldest) {
      if (this.bytes <= this.bound) return
      await this.remove(blob, size)
    }
  }
}
