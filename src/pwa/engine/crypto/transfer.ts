/** From an old device to a new one, docs/keys.md: a hello, the code made from it, and the secret sealed to it. */
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { toBase64, utf8, type Bytes } from "../bytes.js"
import { BadSeal, Malformed } from "./errors.js"
import { join } from "./msgpack.js"
import { seal, SEALING_PUBLIC_BYTES, type SealingKey } from "./sealing.js"
import { PUBLIC_BYTES } from "./signing.js"
import { encode, Fields } from "./structure.js"
import { hash32, KEY_BYTES } from "./suite.js"

const CODE_BYTES = 10
const MAX_HELLO_BYTES = 2_048
const MAX_LABEL = 64
const LABEL = "lien/v1/transfer"
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const PREFIX = "LIEN:"

export type Hello = {
  readonly device: DeviceId
  readonly devicePublic: Bytes
  readonly sealingPublic: Bytes
  readonly label: string
}

export type Handed = { readonly account: AccountId; readonly generation: number; readonly secret: Bytes }

export function encodeHello({ device, devicePublic, sealingPublic, label }: Hello): Bytes {
  return encode(device, devicePublic, sealingPublic, label)
}

/** Throws Malformed. */
export function decodeHello(hello: Uint8Array): Hello {
  const fields = Fields.decode(hello, 5, MAX_HELLO_BYTES)
  const device = fields.device()
  const [devicePublic, sealingPublic] = [fields.blob(PUBLIC_BYTES), fields.blob(SEALING_PUBLIC_BYTES)]
  return { device, devicePublic, sealingPublic, label: fields.text(MAX_LABEL) }
}

/** What the person carries from one screen to the other. */
export async function transferCode(hello: Uint8Array): Promise<Bytes> {
  return (await hash32(join([utf8(`${LABEL}\0`), hello]))).slice(0, CODE_BYTES)
}

/** Where the server keeps the hello of this code. */
export async function transferId(code: Uint8Array): Promise<string> {
  return toBase64((await hash32(join([utf8("lien/v1/transfer-id\0"), code]))).subarray(0, 16))
}

export async function sealTransfer(hello: Uint8Array, { account, generation, secret }: Handed): Promise<Bytes> {
  return seal(decodeHello(hello).sealingPublic, encode(account, generation, secret), LABEL, await hash32(hello))
}

/** The inverse. Throws BadSeal, Malformed. */
export async function openTransfer(key: SealingKey, hello: Uint8Array, sealed: Uint8Array): Promise<Handed> {
  const fields = Fields.decode(await key.open(sealed, LABEL, await hash32(hello)), 4, 128)
  const [account, generation] = [fields.account(), fields.integer(1)]
  const secret = fields.blob(KEY_BYTES)
  if (generation < 1) throw new BadSeal()
  return { account, generation, secret }
}

/** Four groups of four characters. */
export function formatTransferCode(code: Uint8Array): string {
  let number = code.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n)
  let text = ""
  for (let place = 0; place < 16; place++) {
    text = ALPHABET.charAt(Number(number & 31n)) + text
    number >>= 5n
  }
  return (text.match(/.{4}/g) ?? []).join("-")
}

/** What the camera reads: the same, with a word that says whose it is. */
export const transferQr = (code: Uint8Array): string => PREFIX + formatTransferCode(code)

/** The inverse of both, however it was typed. Throws Malformed. */
export function parseTransferCode(text: string): Bytes {
  const typed = text.toUpperCase().trim()
  const bare = (typed.startsWith(PREFIX) ? typed.slice(PREFIX.length) : typed).replace(/[\s\u2010-\u2015-]/g, "")
  const read = bare.replace(/O/g, "0").replace(/[IL]/g, "1")
  if (read.length !== 16) throw new Malformed()
  let number = 0n
  for (const character of read) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) throw new Malformed()
    number = (number << 5n) | BigInt(value)
  }
  return Uint8Array.from({ length: CODE_BYTES }, (_, at) => Number((number >> BigInt(8 * (CODE_BYTES - 1 - at))) & 255n))
}
