/**
 * Ed25519 signatures under a label (RFC 8032).
 *
 * Verification is the equation without the cofactor, R compared as bytes: what browsers and OpenSSL do, so that
 * no crafted signature is good for one client and bad for another.
 */
import { ed25519 } from "@noble/curves/ed25519.js"
import { type Bytes, randomBytes, sameBytes } from "../bytes.js"
import { BadSeal, Malformed } from "./errors.js"
import { join } from "./msgpack.js"
import { labelled, owned } from "./suite.js"

export const PUBLIC_BYTES = 32
export const SIGNATURE_BYTES = 64
const SEED_BYTES = 32

const FIELD = 2n ** 255n - 19n
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n
// y of the points whose order divides 8; encodings above the field are refused anyway.
const ORDER_EIGHT = 2707385501144840649318225287225658788936804267575313519463743609750303402022n
const SMALL_ORDER: ReadonlySet<bigint> = new Set([0n, 1n, ORDER_EIGHT, FIELD - ORDER_EIGHT, FIELD - 1n])

/** A private key that signs under a label, wherever the key itself is kept. */
export interface SigningKey {
  readonly public: Bytes
  sign(label: string, message: Uint8Array): Promise<Bytes>
}

/** A device key as it is stored: the browser's own unexportable key, or a seed where there is none. */
export type DeviceKey =
  | { readonly kind: "webcrypto"; readonly privateKey: CryptoKey; readonly public: Bytes }
  | { readonly kind: "seed"; readonly seed: Bytes; readonly public: Bytes }

/** A new device key, unexportable where the browser can. */
export async function generateDeviceKey(): Promise<DeviceKey> {
  const pair = await generatePair()
  if (pair === null) {
    const seed = randomBytes(SEED_BYTES)
    return { kind: "seed", seed, public: new Uint8Array(ed25519.getPublicKey(seed)) }
  }
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey)
  return { kind: "webcrypto", privateKey: pair.privateKey, public: new Uint8Array(raw) }
}

/** The signer of a stored device key. */
export function openDeviceKey(stored: DeviceKey): SigningKey {
  if (stored.kind === "seed") return signingKeyFromSeed(stored.seed)
  return {
    public: stored.public,
    sign: async (label, message) =>
      new Uint8Array(await crypto.subtle.sign("Ed25519", stored.privateKey, labelled(label, message))),
  }
}

/** The key of a 32-byte seed. Throws Malformed. */
export function signingKeyFromSeed(seed: Uint8Array): SigningKey {
  if (seed.length !== SEED_BYTES) throw new Malformed()
  return {
    public: new Uint8Array(ed25519.getPublicKey(seed)),
    sign: (label, message) => Promise.resolve(new Uint8Array(ed25519.sign(labelled(label, message), seed))),
  }
}

/** A public key that may enter a chain. Throws Malformed for a weak one. */
export function requirePublic(value: Bytes): Bytes {
  if (value.length !== PUBLIC_BYTES || isWeak(value)) throw new Malformed()
  return value
}

/** Check a signature of `SigningKey.sign`. Throws BadSeal. */
export async function verify(publicKey: Uint8Array, label: string, message: Uint8Array, signature: Uint8Array): Promise<void> {
  if (publicKey.length !== PUBLIC_BYTES || isWeak(publicKey) || signature.length !== SIGNATURE_BYTES) throw new BadSeal()
  const signed = labelled(label, message)
  const isRight = (await hasEd25519())
    ? await verifyNatively(publicKey, signed, signature)
    : await verifyPortably(publicKey, signed, signature)
  if (!isRight) throw new BadSeal()
}

async function verifyNatively(publicKey: Uint8Array, signed: Bytes, signature: Uint8Array): Promise<boolean> {
  try {
    const key = await crypto.subtle.importKey("raw", owned(publicKey), "Ed25519", false, ["verify"])
    return await crypto.subtle.verify("Ed25519", key, owned(signature), signed)
  } catch {
    return false // a key that is no point
  }
}

/** RFC 8032, 5.1.7, with [S]B = R + [k]A: the library's own `verify` multiplies by the cofactor. */
export async function verifyPortably(publicKey: Uint8Array, signed: Uint8Array, signature: Uint8Array): Promise<boolean> {
  const r = signature.subarray(0, 32)
  const s = littleEndian(signature.subarray(32))
  if (s >= ORDER) return false
  const digest = await crypto.subtle.digest("SHA-512", join([r, publicKey, signed]))
  try {
    const k = littleEndian(new Uint8Array(digest)) % ORDER
    const { Point } = ed25519
    const a = Point.fromBytes(publicKey)
    return sameBytes(Point.BASE.multiplyUnsafe(s).subtract(a.multiplyUnsafe(k)).toBytes(), r)
  } catch {
    return false // a key that is no point
  }
}

let pairSupport: Promise<boolean> | undefined

/** Whether this browser's WebCrypto knows Ed25519; asked once. */
function hasEd25519(): Promise<boolean> {
  return (pairSupport ??= generatePair().then((pair) => pair !== null))
}

async function generatePair(): Promise<CryptoKeyPair | null> {
  try {
    return await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"])
  } catch {
    return null
  }
}

function isWeak(publicKey: Uint8Array): boolean {
  const y = littleEndian(publicKey) & (2n ** 255n - 1n)
  return y >= FIELD || SMALL_ORDER.has(y)
}

export function littleEndian(bytes: Uint8Array): bigint {
  let value = 0n
  for (const byte of bytes.toReversed()) value = (value << 8n) | BigInt(byte)
  return value
}
