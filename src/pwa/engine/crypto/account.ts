/** The account secret of one generation, and the keys it gives. */
import type { AccountId } from "../../bridge/models.js"
import { type Bytes, randomBytes } from "../bytes.js"
import { Malformed } from "./errors.js"
import { sealingKeyFromSeed, type SealingKey } from "./sealing.js"
import { signingKeyFromSeed, type SigningKey } from "./signing.js"
import { encode } from "./structure.js"
import { BOX_OVERHEAD_BYTES, decrypt, derive, encrypt, KEY_BYTES } from "./suite.js"

export const WRAPPED_BYTES = KEY_BYTES + BOX_OVERHEAD_BYTES

/** What opens everything sealed to one generation of an account. */
export type AccountSecret = {
  /** The 32 bytes themselves, to be stored encrypted. */
  readonly bytes: Bytes
  readonly sealing: SealingKey
  readonly signing: SigningKey
  readonly vaultKey: Bytes
}

export function generateAccountSecret(): Promise<AccountSecret> {
  return openAccountSecret(randomBytes(KEY_BYTES))
}

/** The keys of a secret. Throws Malformed. */
export async function openAccountSecret(bytes: Bytes): Promise<AccountSecret> {
  if (bytes.length !== KEY_BYTES) throw new Malformed()
  return {
    bytes,
    sealing: await sealingKeyFromSeed(await derive(bytes, "lien/v1/account/sealing")),
    signing: signingKeyFromSeed(await derive(bytes, "lien/v1/account/signing")),
    vaultKey: await derive(bytes, "lien/v1/account/vault"),
  }
}

/** `earlier`, of this generation, for whoever has the secret of the next one. */
export function sealEarlier(newer: AccountSecret, earlier: AccountSecret, account: AccountId, generation: number): Bytes {
  return encrypt(newer.vaultKey, earlier.bytes, encode(account, generation))
}

/** The inverse of `sealEarlier`; `generation` is the one of the result. Throws BadSeal. */
export async function openEarlier(
  newer: AccountSecret,
  box: Uint8Array,
  account: AccountId,
  generation: number,
): Promise<AccountSecret> {
  return openAccountSecret(decrypt(newer.vaultKey, box, encode(account, generation)))
}
