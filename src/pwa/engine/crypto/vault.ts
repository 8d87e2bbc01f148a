/** The account secret wrapped for its owner by something that the server does not have. */
import type { AccountId, PasskeyId } from "../../bridge/models.js"
import { type Bytes, utf8 } from "../bytes.js"
import { openAccountSecret, WRAPPED_BYTES, type AccountSecret } from "./account.js"
import { BadSeal, Malformed } from "./errors.js"
import { encode } from "./structure.js"
import { decrypt, derive, encrypt, hash32 } from "./suite.js"

/** `passkey:<id>` or `recovery`. */
export type Wrapper = `passkey:${string}` | "recovery"

// A shorter wrapping secret could be searched by the operator, who holds the wrapped one.
const MIN_WRAPPING_BYTES = 16

/** The name of the entry that this passkey's PRF opens. */
export const passkeyWrapper = (passkey: PasskeyId): Wrapper => `passkey:${passkey}`

/** Public constants: a passkey's PRF gives unrelated outputs for each. */
export async function prfSalts(): Promise<{ readonly local: Bytes; readonly vault: Bytes }> {
  return { local: await hash32(utf8("lien/v1/prf/local")), vault: await hash32(utf8("lien/v1/prf/vault")) }
}

/** The vault entry to store at the server. Throws Malformed for a wrapping secret that is too short. */
export async function wrap(
  secret: AccountSecret,
  wrapping: Uint8Array,
  account: AccountId,
  wrapper: Wrapper,
  generation: number,
): Promise<Bytes> {
  return encrypt(await wrapKey(wrapping, wrapper), secret.bytes, encode(account, wrapper, generation))
}

/** The inverse of `wrap`. Throws BadSeal. */
export async function unwrap(
  wrapped: Uint8Array,
  wrapping: Uint8Array,
  account: AccountId,
  wrapper: Wrapper,
  generation: number,
): Promise<AccountSecret> {
  if (wrapped.length !== WRAPPED_BYTES) throw new BadSeal()
  return openAccountSecret(decrypt(await wrapKey(wrapping, wrapper), wrapped, encode(account, wrapper, generation)))
}

function wrapKey(wrapping: Uint8Array, wrapper: Wrapper): Promise<Bytes> {
  if (wrapping.length < MIN_WRAPPING_BYTES) throw new Malformed()
  return derive(wrapping, "lien/v1/vault", utf8(wrapper))
}
