/**
 * The device key: a seed at rest, encrypted like everything else; in memory a key that cannot be exported where the
 * browser can. A key that the browser keeps by itself would lie readable in its profile, and open while locked.
 */
import { randomBytes, type Bytes } from "../bytes.js"
import { openDeviceKey, signingKeyFromSeed, type SigningKey } from "../crypto/signing.js"

/** RFC 8410, 7: what stands before the 32 bytes of a seed in PKCS #8. */
const PKCS8_PREFIX = Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20)

export const newSeed = (): Bytes => randomBytes(32)

/** The signing key of a seed. The caller erases the seed. */
export async function openSeed(seed: Bytes): Promise<SigningKey> {
  const portable = signingKeyFromSeed(seed.slice())
  const encoded = new Uint8Array([...PKCS8_PREFIX, ...seed])
  try {
    const privateKey = await crypto.subtle.importKey("pkcs8", encoded, "Ed25519", false, ["sign"])
    return openDeviceKey({ kind: "webcrypto", privateKey, public: portable.public })
  } catch {
    return portable
  } finally {
    encoded.fill(0)
  }
}
