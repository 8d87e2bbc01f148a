/**
 * How a PIN opens the local key: by what the digits and this browser profile give together with the server's share, and,
 * where the operator allows it, for a dated time with a share kept here.
 */
import { randomBytes, toBase64, utf8, type Bytes } from "../bytes.js"
import { mix, newProfileKey, pinWrapKey, proofKey, SALT_BYTES, SHARE_BYTES, stretch } from "../crypto/pin.js"
import { decrypt, encrypt } from "../crypto/suite.js"

/** The share under a key of this browser profile: weaker, since a copy of the whole profile can then be searched. */
type Grace = {
  readonly key: CryptoKey
  readonly nonce: Bytes
  readonly box: Bytes
  readonly untilMs: number
  readonly tries: number
}

export type PinWrap = {
  readonly pin: string
  readonly salt: Bytes
  readonly profileKey: CryptoKey
  readonly box: Uint8Array
  readonly grace: Grace | null
}

export type NewPin = { readonly wrap: PinWrap; readonly public: Bytes; readonly share: Bytes }

/** As many as the server allows; a copy of the profile does not count them. */
export const OFFLINE_TRIES = 10

export async function makePin(digits: string, localKey: Uint8Array): Promise<NewPin> {
  const pin = toBase64(randomBytes(16))
  const [salt, share, profileKey] = [randomBytes(SALT_BYTES), randomBytes(SHARE_BYTES), await newProfileKey()]
  const mixed = await mix(profileKey, await stretch(digits, salt))
  const box = encrypt(await pinWrapKey(mixed, share, pin), localKey, utf8(pin))
  return { wrap: { pin, salt, profileKey, box, grace: null }, public: (await proofKey(mixed, pin)).public, share }
}

/** What the digits and this profile give, right or wrong. */
export async function mixPin(wrap: PinWrap, digits: string): Promise<Bytes> {
  return mix(wrap.profileKey, await stretch(digits, wrap.salt))
}

/** The local key. Throws BadSeal for wrong digits or another share. */
export async function openByPin({ pin, box }: PinWrap, mixed: Uint8Array, share: Uint8Array): Promise<Bytes> {
  return decrypt(await pinWrapKey(mixed, share, pin), box, utf8(pin))
}

/** Until then the PIN opens without network too. */
export async function withGrace(wrap: PinWrap, share: Bytes, untilMs: number): Promise<PinWrap> {
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"])
  const nonce = randomBytes(12)
  const box = new Uint8Array(await crypto.subtle.encrypt(algorithm(nonce, wrap.pin), key, share))
  return { ...wrap, grace: { key, nonce, box, untilMs, tries: 0 } }
}

export const withoutGrace = (wrap: PinWrap): PinWrap => (wrap.grace === null ? wrap : { ...wrap, grace: null })

/** The share kept here, null when there is none or its time is over. */
export async function shareOf({ grace, pin }: PinWrap, nowMs: number): Promise<Bytes | null> {
  if (grace === null || nowMs >= grace.untilMs) return null
  return new Uint8Array(await crypto.subtle.decrypt(algorithm(grace.nonce, pin), grace.key, grace.box))
}

export function withTries(wrap: PinWrap, tries: number): PinWrap {
  return wrap.grace === null ? wrap : { ...wrap, grace: { ...wrap.grace, tries } }
}

function algorithm(nonce: Bytes, pin: string): AesGcmParams {
  return { name: "AES-GCM", iv: nonce, additionalData: utf8(`lien/v1/pin/grace\0${pin}`) }
}
