/** Bytes and their text forms. */

/** Bytes that own an ordinary buffer: what the browser's own functions accept. */
export type Bytes = Uint8Array<ArrayBuffer>

const ENCODER = new TextEncoder()

export function utf8(text: string): Bytes {
  return ENCODER.encode(text)
}

/** Unpadded base64url (RFC 4648, 5). */
export function toBase64(value: Uint8Array): string {
  let binary = ""
  for (let start = 0; start < value.length; start += 0x8000) {
    binary += String.fromCharCode(...value.subarray(start, start + 0x8000))
  }
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
}

/** The inverse of `toBase64`, or null for text that it would not have written. */
export function fromBase64(text: string): Bytes | null {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) return null
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"))
  const value = Uint8Array.from(binary, (letter) => letter.charCodeAt(0))
  return toBase64(value) === text ? value : null
}

export function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index])
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length))
}
