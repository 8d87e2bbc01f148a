/** The recovery code: 128 random bits as a person writes them down and types them again, see docs/keys.md. */
import { type Bytes, randomBytes, utf8 } from "../bytes.js"
import { Malformed } from "./errors.js"
import { join } from "./msgpack.js"
import { hash32 } from "./suite.js"

const CODE_BYTES = 16
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
const CHARACTERS = 28
const GROUP = 4
const CHECK_BITS = 12n
/** What people put between groups, and what keyboards make of a hyphen. */
const BETWEEN = /[\s\u2010-\u2015-]/g

export const newRecoveryCode = (): Bytes => randomBytes(CODE_BYTES)

/** Seven groups of four characters. */
export async function formatRecoveryCode(code: Uint8Array): Promise<string> {
  let number = (numberOf(code) << CHECK_BITS) | (await checkOf(code))
  let text = ""
  for (let place = 0; place < CHARACTERS; place++) {
    text = ALPHABET.charAt(Number(number & 31n)) + text
    number >>= 5n
  }
  return Array.from({ length: CHARACTERS / GROUP }, (_, group) => text.slice(group * GROUP, (group + 1) * GROUP)).join("-")
}

/** The inverse, for however it was typed. Throws Malformed. */
export async function parseRecoveryCode(text: string): Promise<Bytes> {
  const typed = text.toUpperCase().replace(BETWEEN, "").replace(/O/g, "0").replace(/[IL]/g, "1")
  if (typed.length !== CHARACTERS) throw new Malformed()
  let number = 0n
  for (const character of typed) {
    const value = ALPHABET.indexOf(character)
    if (value < 0) throw new Malformed()
    number = (number << 5n) | BigInt(value)
  }
  const code = bytesOf(number >> CHECK_BITS)
  if ((number & ((1n << CHECK_BITS) - 1n)) !== (await checkOf(code))) throw new Malformed()
  return code
}

async function checkOf(code: Uint8Array): Promise<bigint> {
  const [first = 0, second = 0] = await hash32(join([utf8("lien/v1/recovery-code\0"), code]))
  return BigInt(((first << 8) | second) >> 4)
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)
}

function bytesOf(number: bigint): Bytes {
  const bytes = new Uint8Array(CODE_BYTES)
  for (let at = CODE_BYTES - 1; at >= 0; at--) {
    bytes[at] = Number(number & 255n)
    number >>= 8n
  }
  return bytes
}
