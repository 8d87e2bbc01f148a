/** Seal to a person: HPKE (RFC 9180) base mode with X-Wing, one shot. */
import { AeadId, CipherSuite, HkdfSha256, type AeadEncryptionContext, type AeadInterface } from "@hpke/core"
import { XWing } from "@hpke/hybridkem-x-wing"
import { chacha20poly1305 } from "@noble/ciphers/chacha.js"
import type { Bytes } from "../bytes.js"
import { BadSeal, Malformed } from "./errors.js"
import { join } from "./msgpack.js"
import { littleEndian } from "./signing.js"
import { labelled, owned } from "./suite.js"

export const SEALING_PUBLIC_BYTES = 1216
const SEED_BYTES = 32
const ENC_BYTES = 1120
/** What a sealed box is longer than its plaintext: enc, and the tag of ChaCha20-Poly1305. */
export const SEAL_OVERHEAD_BYTES = ENC_BYTES + 16

const MLKEM_PUBLIC_BYTES = 1184
const MLKEM_COEFFICIENT_BYTES = 1152
const MLKEM_MODULUS = 3329
const FIELD = 2n ** 255n - 19n
// u of the points of small order of Curve25519 and its twist (cr.yp.to/ecdh.html).
const SMALL_ORDER: ReadonlySet<bigint> = new Set([
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  FIELD - 1n,
])

/** RFC 9180, 7.3, AEAD 0x0003: WebCrypto has no ChaCha20-Poly1305. */
class ChaCha20Poly1305 implements AeadInterface {
  readonly id = AeadId.Chacha20Poly1305
  readonly keySize = 32
  readonly nonceSize = 12
  readonly tagSize = 16

  createEncryptionContext(key: Part): AeadEncryptionContext {
    const secret = bytesOf(key)
    return {
      seal: (nonce, data, aad) =>
        Promise.resolve(new Uint8Array(chacha20poly1305(secret, bytesOf(nonce), bytesOf(aad)).encrypt(bytesOf(data))).buffer),
      open: async (nonce, data, aad) =>
        Promise.resolve(new Uint8Array(chacha20poly1305(secret, bytesOf(nonce), bytesOf(aad)).decrypt(bytesOf(data))).buffer),
    }
  }
}

type Part = ArrayBufferLike | ArrayBufferView

function bytesOf(part: Part): Uint8Array {
  return ArrayBuffer.isView(part) ? new Uint8Array(part.buffer, part.byteOffset, part.byteLength) : new Uint8Array(part)
}

const KEM = new XWing()
const SUITE = new CipherSuite({ kem: KEM, kdf: new HkdfSha256(), aead: new ChaCha20Poly1305() })

/** The private half of a sealing key pair. */
export interface SealingKey {
  readonly public: Bytes
  /** The inverse of `seal`. Throws BadSeal. */
  open(box: Uint8Array, label: string, aad: Uint8Array): Promise<Bytes>
}

/** X-Wing's key pair of a 32-byte seed. Throws Malformed. */
export async function sealingKeyFromSeed(seed: Uint8Array): Promise<SealingKey> {
  if (seed.length !== SEED_BYTES) throw new Malformed()
  const pair = await KEM.generateKeyPairDerand(new Uint8Array(seed))
  return {
    public: new Uint8Array(await KEM.serializePublicKey(pair.publicKey)),
    open: async (box, label, aad) => {
      if (box.length < SEAL_OVERHEAD_BYTES) throw new BadSeal()
      const [enc, sealed] = [new Uint8Array(box.subarray(0, ENC_BYTES)), new Uint8Array(box.subarray(ENC_BYTES))]
      try {
        const params = { recipientKey: pair.privateKey, enc, info: labelled(label, aad) }
        return new Uint8Array(await SUITE.open(params, sealed))
      } catch {
        throw new BadSeal()
      }
    },
  }
}

/** Encrypt for whoever holds the private half. Throws Malformed for a public key that is not one. */
export async function seal(publicKey: Uint8Array, plaintext: Uint8Array, label: string, aad: Uint8Array): Promise<Bytes> {
  const raw = requireSealingPublic(owned(publicKey))
  const recipientPublicKey = await KEM.deserializePublicKey(new Uint8Array(raw))
  const { enc, ct } = await SUITE.seal({ recipientPublicKey, info: labelled(label, aad) }, owned(plaintext))
  return join([new Uint8Array(enc), new Uint8Array(ct)])
}

/** A public key that can be sealed to: a chain with another would stop its owner's conversations. Throws Malformed. */
export function requireSealingPublic(value: Bytes): Bytes {
  if (value.length !== SEALING_PUBLIC_BYTES) throw new Malformed()
  // FIPS 203, 7.2: each 12-bit coefficient is below the modulus.
  for (let place = 0; place < MLKEM_COEFFICIENT_BYTES; place += 3) {
    const [low = 0, middle = 0, high = 0] = value.subarray(place, place + 3)
    if ((low | ((middle & 0x0f) << 8)) >= MLKEM_MODULUS || ((middle >> 4) | (high << 4)) >= MLKEM_MODULUS) throw new Malformed()
  }
  const u = (littleEndian(value.subarray(MLKEM_PUBLIC_BYTES)) & (2n ** 255n - 1n)) % FIELD
  if (SMALL_ORDER.has(u)) throw new Malformed()
  return value
}
