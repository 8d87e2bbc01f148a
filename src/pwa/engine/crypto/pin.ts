/**
 * What a PIN gives on the one phone it was chosen on, docs/keys.md "PIN": six digits, mixed with a key of this browser
 * profile that cannot be exported (the operator does not have it) and with a share of the server (who copies the profile
 * does not have it).
 */
import { type Bytes, utf8 } from "../bytes.js"
import { join } from "./msgpack.js"
import { signingKeyFromSeed, type SigningKey } from "./signing.js"
import { derive, owned } from "./suite.js"

export const SALT_BYTES = 16
export const SHARE_BYTES = 32
const MEMORY_KIB = 64 * 1024
const PASSES = 3

/** Argon2id (RFC 9106) of the digits: a third of a second and 64 MiB for each guess. Its WebAssembly comes when needed. */
export async function stretch(digits: string, salt: Uint8Array): Promise<Bytes> {
  const { argon2id } = await import("hash-wasm")
  const stretched = await argon2id({
    password: utf8(digits),
    salt,
    iterations: PASSES,
    memorySize: MEMORY_KIB,
    parallelism: 1,
    hashLength: 32,
    outputType: "binary",
  })
  return owned(stretched)
}

/** A key of this browser profile, which stays in it. */
export function newProfileKey(): Promise<CryptoKey> {
  return crypto.subtle.generateKey({ name: "HMAC", hash: "SHA-256", length: 256 }, false, ["sign"])
}

/** The stretched PIN under the profile's key. */
export async function mix(profileKey: CryptoKey, stretched: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.sign("HMAC", profileKey, owned(stretched)))
}

/** What proves the PIN to the server, which keeps the public half. */
export async function proofKey(mixed: Uint8Array, pin: string): Promise<SigningKey> {
  return signingKeyFromSeed(await derive(mixed, "lien/v1/pin/proof", utf8(pin)))
}

export function provePin(key: SigningKey, nonce: Uint8Array, pin: string): Promise<Bytes> {
  return key.sign("lien/v1/pin", join([nonce, utf8(pin)]))
}

/** What wraps the local key of this device. */
export function pinWrapKey(mixed: Uint8Array, share: Uint8Array, pin: string): Promise<Bytes> {
  return derive(join([mixed, share]), "lien/v1/pin/local-key", utf8(pin))
}

const WEAK: ReadonlySet<string> = new Set(["123123", "121212", "112233", "159753", "147258", "123321", "101010"])

/** Six digits that are not the first ones a thief tries: all alike, counting up or down, or among the known favourites. */
export function isStrongPin(digits: string): boolean {
  if (!/^[0-9]{6}$/.test(digits) || WEAK.has(digits)) return false
  const steps = [1, 2, 3, 4, 5].map((at) => (digits.charCodeAt(at) - digits.charCodeAt(at - 1) + 10) % 10)
  return ![0, 1, 9].some((step) => steps.every((other) => other === step))
}
