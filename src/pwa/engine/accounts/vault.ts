/** The account secret in the vault: wrapped for its owner by what a passkey gives, see docs/keys.md. */
import { asObject, bytesIn, listIn, numberIn, textIn, type Json } from "../json.js"
import { decrypt, derive, encrypt } from "../crypto/suite.js"
import { encode } from "../crypto/structure.js"
import { toBase64, utf8, type Bytes } from "../bytes.js"
import type { AccountId } from "../../bridge/models.js"
import type { Secret, WrapKey } from "./self.js"

export type VaultEntry = { readonly wrapper: string; readonly generation: number; readonly wrapped: Uint8Array }

export function vaultEntriesIn(json: Json, name: string): readonly VaultEntry[] {
  return listIn(json, name).map((item) => {
    const entry = asObject(item)
    return {
      wrapper: textIn(entry, "wrapper"),
      generation: numberIn(entry, "generation"),
      wrapped: bytesIn(entry, "wrapped"),
    }
  })
}

export function entryToJson({ wrapper, generation, wrapped }: VaultEntry): Json {
  return { wrapper, generation, wrapped: toBase64(wrapped) }
}

/** The key that wraps for one wrapper. It stays in this device's store, so that a rotation needs no gesture. */
export function wrapKeyFrom(wrapping: Uint8Array, wrapper: string): Promise<Bytes> {
  return derive(wrapping, "lien/v1/vault", utf8(wrapper))
}

export function wrapFor(wrapKey: Pick<WrapKey, "wrapper" | "key">, account: AccountId, secret: Secret): VaultEntry {
  const { wrapper, key } = wrapKey
  const aad = encode(account, wrapper, secret.generation)
  return { wrapper, generation: secret.generation, wrapped: encrypt(key, secret.secret, aad) }
}

/** The secret of an entry. Throws when the entry is not of this account, wrapper and key. */
export function unwrapEntry(key: Uint8Array, account: AccountId, entry: VaultEntry): Secret {
  const aad = encode(account, entry.wrapper, entry.generation)
  return { generation: entry.generation, secret: decrypt(key, entry.wrapped, aad) }
}
