/** The content of a blob from the server: fetched whole, opened chunk by chunk. */
import type { BlobId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { BlobOpener, storedSize } from "../crypto/blob.js"
import type { BlobKey } from "../crypto/document.js"
import { BadBlob } from "../crypto/errors.js"
import type { Http } from "../http.js"
import type { BlobSource } from "./contents.js"

export class BlobDownload implements BlobSource {
  constructor(private readonly http: Http) {}

  async fetch({ blob, key, size }: BlobKey): Promise<Bytes> {
    const sealed = await this.http.bytes(`/api/blobs/${blob}`, storedSize(size))
    const opener = await BlobOpener.begin(key, blob as BlobId)
    const content = new Uint8Array(size)
    let place = 0
    const take = (piece: Uint8Array): void => {
      if (place + piece.length > size) throw new BadBlob()
      content.set(piece, place)
      place += piece.length
    }
    for (const piece of opener.push(sealed)) take(piece)
    // What the document's signature proves is the hash of the content, checked by who asked.
    take(opener.end(null))
    if (place !== size) throw new BadBlob()
    return content
  }
}
