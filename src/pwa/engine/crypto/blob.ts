/**
 * Blobs (docs/keys.md): the content of a photograph or a file, under a key of its own.
 *
 * The content is cut into chunks that are encrypted one by one. Each says which blob it is of, where,
 * and whether it is the last: one that was moved, left out, added or taken from another blob does not
 * open. A blob whose end is missing does not either.
 */
import { sha256 } from "@noble/hashes/sha2.js"
import type { BlobId } from "../../bridge/models.js"
import { type Bytes, randomBytes, utf8 } from "../bytes.js"
import { BadBlob, BadSeal } from "./errors.js"
import { encode } from "./structure.js"
import { BOX_OVERHEAD_BYTES, decrypt, derive, encrypt, KEY_BYTES, paddedSize } from "./suite.js"

export const CHUNK_BYTES = 65_536
export const BOX_BYTES = CHUNK_BYTES + BOX_OVERHEAD_BYTES
export const MAX_CONTENT_BYTES = 2 ** 30
const LENGTH_BYTES = 8

/** 32 random bytes, for one blob only. */
export function newBlobKey(): Bytes {
  return randomBytes(KEY_BYTES)
}

/** The bytes a content of `size` bytes takes once it is sealed. Throws BadBlob above the bound. */
export function storedSize(size: number): number {
  const padded = paddedContent(size)
  return padded + Math.ceil(padded / CHUNK_BYTES) * BOX_OVERHEAD_BYTES
}

/** The sealed chunks of a content, one after the other. Throws BadBlob above the bound. */
export async function* sealBlob(key: Uint8Array, blob: BlobId, content: Uint8Array): AsyncGenerator<Bytes> {
  const padded = paddedContent(content.length)
  const chunkKey = await chunkKeyOf(key, blob)
  for (let index = 0, start = 0; start < padded; index++, start += CHUNK_BYTES) {
    const chunk = new Uint8Array(Math.min(CHUNK_BYTES, padded - start))
    // What of the content falls into this chunk; the length stands before the first byte of it.
    if (start === 0) new DataView(chunk.buffer).setBigUint64(0, BigInt(content.length))
    const at = start === 0 ? LENGTH_BYTES : 0
    const from = Math.max(0, start - LENGTH_BYTES)
    chunk.set(content.subarray(from, from + chunk.length - at), at)
    yield encrypt(chunkKey, chunk, aadOf(blob, index, start + CHUNK_BYTES >= padded))
  }
}

/** Opens a blob whose sealed bytes come in pieces. What `push` gives is authentic; only `end` says that it is all. */
export class BlobOpener {
  private readonly digest = sha256.create()
  private held = new Uint8Array()
  private index = 0
  private left = -1
  private total = -1

  private constructor(
    private readonly key: Uint8Array,
    private readonly blob: BlobId,
  ) {}

  static async begin(key: Uint8Array, blob: BlobId): Promise<BlobOpener> {
    return new BlobOpener(await chunkKeyOf(key, blob), blob)
  }

  /** Content that these bytes complete. Throws BadBlob. */
  push(stored: Uint8Array): Bytes[] {
    const all = new Uint8Array(this.held.length + stored.length)
    all.set(this.held)
    all.set(stored, this.held.length)
    const opened: Bytes[] = []
    let start = 0
    // Not `>=`: whether a full one is the last is not known yet.
    for (; all.length - start > BOX_BYTES; start += BOX_BYTES) {
      opened.push(this.open(all.subarray(start, start + BOX_BYTES), false))
    }
    this.held = all.slice(start)
    return opened
  }

  /** The rest of the content. Throws BadBlob when it is not whole, or not the content of this hash. */
  end(hash: Uint8Array | null): Bytes {
    if (this.held.length === 0) throw new BadBlob()
    const last = this.open(this.held, true)
    if (this.left !== 0 || this.total !== 0) throw new BadBlob()
    const digest = this.digest.digest()
    if (hash && digest.some((byte, at) => byte !== hash[at])) throw new BadBlob()
    return last
  }

  private open(box: Uint8Array, isLast: boolean): Bytes {
    let chunk = opened(this.key, box, aadOf(this.blob, this.index, isLast))
    if (this.index === 0) {
      if (chunk.length < LENGTH_BYTES) throw new BadBlob()
      this.left = Number(new DataView(chunk.buffer, chunk.byteOffset).getBigUint64(0))
      this.total = paddedContent(this.left) - LENGTH_BYTES
      chunk = chunk.slice(LENGTH_BYTES)
    }
    this.index += 1
    const piece = chunk.slice(0, this.left)
    if (chunk.subarray(piece.length).some((byte) => byte !== 0)) throw new BadBlob()
    this.digest.update(piece)
    this.left -= piece.length
    this.total -= chunk.length
    return piece
  }
}

function opened(key: Uint8Array, box: Uint8Array, aad: Uint8Array): Bytes {
  try {
    return decrypt(key, box, aad)
  } catch (error) {
    if (error instanceof BadSeal) throw new BadBlob()
    throw error
  }
}

function paddedContent(size: number): number {
  if (!(size >= 0 && size <= MAX_CONTENT_BYTES)) throw new BadBlob()
  return paddedSize(LENGTH_BYTES + size)
}

async function chunkKeyOf(key: Uint8Array, blob: BlobId): Promise<Bytes> {
  if (key.length !== KEY_BYTES) throw new BadBlob()
  return derive(key, "lien/v1/blob", utf8(blob))
}

function aadOf(blob: BlobId, index: number, isLast: boolean): Bytes {
  return encode(blob, index, isLast ? 1 : 0)
}
