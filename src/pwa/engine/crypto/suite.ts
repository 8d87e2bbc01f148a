/** The symmetric primitives of docs/keys.md: hash, derivation, encryption, padding. */
import { xchacha20poly1305 } from "@noble/ciphers/chacha.js"
import { sha256 } from "@noble/hashes/sha2.js"
import { type Bytes, randomBytes, utf8 } from "../bytes.js"
import { BadSeal } from "./errors.js"
import { join } from "./msgpack.js"

export const KEY_BYTES = 32
export const HASH_BYTES = 32
const NONCE_BYTES = 24
const TAG_BYTES = 16
export const BOX_OVERHEAD_BYTES = NONCE_BYTES + TAG_BYTES
const SMALLEST_PADDED_BYTES = 256
const LENGTH_BYTES = 4
const NO_BYTES: Uint8Array = new Uint8Array()

/** SHA-256. */
export async function hash32(value: Uint8Array): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", owned(value)))
}

/** The same at once, for short values. */
export const hashNow = (value: Uint8Array): Bytes => new Uint8Array(sha256(value))

/** HKDF-SHA256 (RFC 5869) without salt; the label and the context separate the uses of one secret. */
export async function derive(secret: Uint8Array, label: string, context = NO_BYTES, length = KEY_BYTES): Promise<Bytes> {
  const key = await crypto.subtle.importKey("raw", owned(secret), "HKDF", false, ["deriveBits"])
  const info = labelled(label, context)
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info }, key, length * 8)
  return new Uint8Array(bits)
}

/** The label, 0x00, and what it is for. */
export function labelled(label: string, value: Uint8Array): Bytes {
  return join([utf8(`${label}\0`), value])
}

/** A random nonce, then XChaCha20-Poly1305. 24 random bytes never repeat by chance. */
export function encrypt(key: Uint8Array, plaintext: Uint8Array, aad: Uint8Array): Bytes {
  const nonce = randomBytes(NONCE_BYTES)
  return join([nonce, xchacha20poly1305(key, nonce, aad).encrypt(plaintext)])
}

/** The inverse of `encrypt`. Throws BadSeal. */
export function decrypt(key: Uint8Array, box: Uint8Array, aad: Uint8Array): Bytes {
  if (box.length < BOX_OVERHEAD_BYTES) throw new BadSeal()
  try {
    const cipher = xchacha20poly1305(key, box.subarray(0, NONCE_BYTES), aad)
    return new Uint8Array(cipher.decrypt(box.subarray(NONCE_BYTES)))
  } catch {
    throw new BadSeal()
  }
}

/** The size that `size` bytes are padded to: Padmé above 256 bytes (PURBs, Nikitin et al. 2019, 4). */
export function paddedSize(size: number): number {
  if (size <= SMALLEST_PADDED_BYTES) return SMALLEST_PADDED_BYTES
  const exponent = 31 - Math.clz32(size)
  const keptBits = 32 - Math.clz32(exponent) // floor(log2 exponent) + 1
  const step = 2 ** (exponent - keptBits)
  return Math.ceil(size / step) * step
}

/** Length, plaintext, zeros. */
export function pad(plaintext: Uint8Array): Bytes {
  const padded = new Uint8Array(paddedSize(LENGTH_BYTES + plaintext.length))
  new DataView(padded.buffer).setUint32(0, plaintext.length)
  padded.set(plaintext, LENGTH_BYTES)
  return padded
}

/** The inverse of `pad`, refusing what it would not have written. Throws BadSeal. */
export function unpad(padded: Uint8Array): Bytes {
  if (padded.length < LENGTH_BYTES) throw new BadSeal()
  const size = LENGTH_BYTES + new DataView(padded.buffer, padded.byteOffset).getUint32(0)
  // A claimed length is compared before it is padded: shifts of `paddedSize` hold 31 bits.
  if (size > padded.length || paddedSize(size) !== padded.length) throw new BadSeal()
  if (padded.subarray(size).some((byte) => byte !== 0)) throw new BadSeal()
  return new Uint8Array(padded.subarray(LENGTH_BYTES, size))
}

/** The same bytes in a buffer of the kind WebCrypto takes; a copy only where it is another kind. */
export function owned(value: Uint8Array): Bytes {
  return value.buffer instanceof ArrayBuffer ? (value as Bytes) : new Uint8Array(value)
}
