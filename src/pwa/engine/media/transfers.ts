/** One blob up to the server or down from it, part by part: what is there already does not travel again. */
import type { BlobId, ChannelId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { BlobOpener, storedSize } from "../crypto/blob.js"
import type { BlobReference } from "../crypto/contents/media.js"
import { join } from "../crypto/msgpack.js"
import { BadBlob } from "../crypto/errors.js"
import { Refusal } from "../failure.js"
import type { Http } from "../http.js"
import { asNumber, listIn } from "../json.js"
import { PART_BYTES, partCount, type Shelf } from "./shelf.js"

export type Progress = (sentBytes: number) => void

/** Send what the server lacks of a blob. It may be read by the members of the channel when this returns. */
export async function upload(http: Http, shelf: Shelf, blob: BlobId, size: number, channel: ChannelId, progress: Progress): Promise<void> {
  const answer = await http.signed("POST", "/api/blobs", { blob, size, channel, accounts: [] })
  const missing = listIn(answer, "missing").map(asNumber)
  let sent = size - missing.reduce((sum, offset) => sum + Math.min(PART_BYTES, size - offset), 0)
  progress(sent)
  for (const offset of missing) {
    const part = await shelf.part(blob, offset / PART_BYTES)
    // The browser threw it away: it exists nowhere any more.
    if (part === null) throw new Refusal("media_lost")
    await http.sendBytes("PUT", `/api/blobs/${blob}?offset=${offset}`, part)
    sent += part.length
    progress(sent)
  }
  await http.signed("POST", `/api/blobs/${blob}/complete`, {})
}

/** Fetch what is not here of a blob, and keep it. */
export async function fetchBlob(http: Http, shelf: Shelf, { blob, size }: BlobReference, progress: Progress): Promise<void> {
  const stored = storedSize(size)
  for (let number = 0; number < partCount(stored); number++) {
    const start = number * PART_BYTES
    const expected = Math.min(PART_BYTES, stored - start)
    const here = await shelf.part(blob, number)
    if (here === null || here.length !== expected) {
      const part = await http.getBytes(`/api/blobs/${blob}`, start, expected)
      if (part.length !== expected) throw new BadBlob()
      await shelf.putPart(blob, number, part)
    }
    progress(start + expected)
  }
  await shelf.keep(blob, stored, false)
}

/** Open a blob that is here. Throws BadBlob when it is not what its message promised. */
export async function openKept(shelf: Shelf, { blob, key, size, hash }: BlobReference): Promise<Bytes> {
  const opener = await BlobOpener.begin(key, blob)
  const opened: Bytes[] = []
  for (let number = 0; number < partCount(storedSize(size)); number++) {
    const part = await shelf.part(blob, number)
    if (part === null) throw new Refusal("media_lost")
    opened.push(...opener.push(part))
  }
  const content = join([...opened, opener.end(hash)])
  if (content.length !== size) throw new BadBlob()
  return content
}
