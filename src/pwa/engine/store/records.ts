/**
 * Sealed records: values to encrypted rows and back.
 *
 * Each row is encrypted with the local key, with its store and its id as associated data, so that a row moved
 * elsewhere does not open. Ids are keyed digests of what they name: equal names meet, and nothing is read from them.
 */
import { decode, encode } from "@msgpack/msgpack"
import { forgetLastMatch } from "../../bridge/forgetting.js"
import { decrypt, derive, encrypt } from "../crypto/suite.js"
import { toBase64, utf8, type Bytes } from "../bytes.js"
import { Refusal } from "../failure.js"
import type { StoreName } from "./schema.js"

const ID_BYTES = 16

export class Records {
  private readonly ids = new Map<string, string>()

  private isClosed = false

  private constructor(
    private readonly localKey: Bytes,
    private readonly idKey: CryptoKey,
  ) {}

  /** `localKey` is kept until `close` erases it. */
  static async open(localKey: Bytes): Promise<Records> {
    const secret = await derive(localKey, "lien/v1/local-id")
    const idKey = await crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
    secret.fill(0)
    return new Records(localKey, idKey)
  }

  /** The opaque id of a name. Names of one kind are written `kind:value`, so that kinds never meet. */
  async idOf(name: string): Promise<string> {
    const known = this.ids.get(name)
    if (known !== undefined) return known
    const digest = await crypto.subtle.sign("HMAC", this.idKey, utf8(name))
    const id = toBase64(new Uint8Array(digest).subarray(0, ID_BYTES))
    this.ids.set(name, id)
    return id
  }

  seal(store: StoreName, id: string, value: unknown): Uint8Array {
    return encrypt(this.key(), encode(value), aad(store, id))
  }

  /** The value as it was sealed. What opens was written by this program, so its shape is not checked again. */
  open(store: StoreName, row: { readonly id: string; readonly box: Uint8Array }): unknown {
    return decode(decrypt(this.key(), row.box, aad(store, row.id)))
  }

  /** Erase the key: nothing opens any more, and nothing that was under way is sealed with an erased key. */
  close(): void {
    this.isClosed = true
    this.localKey.fill(0)
    this.ids.clear()
    forgetLastMatch()
  }

  private key(): Bytes {
    if (this.isClosed) throw new Refusal("locked")
    return this.localKey
  }
}

function aad(store: StoreName, id: string): Uint8Array {
  return utf8(`${store}\0${id}`)
}
