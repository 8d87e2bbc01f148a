/** What documents say: fetched when asked for, proved, and kept on this device so that it opens again offline. */
import { sameBytes, type Bytes } from "../bytes.js"
import type { BlobKey } from "../crypto/document.js"
import { hash32 } from "../crypto/suite.js"
import { Refusal } from "../failure.js"
import type { Write } from "../store/database.js"
import type { Store } from "../store/store.js"
import { Turns } from "../turns.js"

/** Where sealed contents come from: the opened bytes of a blob, or a refusal that passes. */
export interface BlobSource {
  fetch(blob: BlobKey): Promise<Bytes>
}

type Kept = { readonly bytes: Uint8Array }

/** What a phone shows at once: a scan of some hundred pages. More is a matter for a computer. */
export const MAX_SHOWN_BYTES = 64 * 2 ** 20

export class Contents {
  private readonly turns = new Turns()

  constructor(
    private readonly store: Store,
    private readonly source: BlobSource,
  ) {}

  /** The bytes, from this device if they are here. Refuses with `offline`, `bad_blob` or `too_large`. */
  read(blob: BlobKey): Promise<Bytes> {
    return this.turns.run(blob.blob, async () => {
      const kept = await this.store.get<Kept>("contents", blob.blob)
      if (kept !== null) return kept.bytes.slice()
      if (blob.size > MAX_SHOWN_BYTES) throw new Refusal("too_large")
      const bytes = await this.source.fetch(blob)
      // Signed by the gateway beside the key: whoever keeps the blob cannot put another in its place.
      if (bytes.length !== blob.size || !sameBytes(await hash32(bytes), blob.hash)) throw new Refusal("bad_blob")
      await this.store.write([await this.store.put("contents", blob.blob, { bytes } satisfies Kept)])
      return bytes
    })
  }

  removal(blob: BlobKey): Promise<Write> {
    return this.store.remove("contents", blob.blob)
  }
}
