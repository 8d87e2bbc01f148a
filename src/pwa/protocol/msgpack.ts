/**
 * The part of MessagePack that `lien.v1` uses: arrays, unsigned integers, text, binary.
 *
 * Our own, because the wire is stricter than the format: floats, maps, nil, bools, negative numbers and
 * extensions are no part of the protocol, and a JavaScript number would hide that 1.0 is not 1.
 */

export type Value = number | string | Uint8Array | readonly Value[]

/** The bytes break a rule of the format or one of the protocol's bounds. */
export class BadFrame extends Error {
  readonly code = "bad_frame"
}

// A frame holds a list of tuples at its deepest: [type, ref, [[channel, …]]].
const MAX_DEPTH = 3

export function write(value: Value): Uint8Array {
  const out: number[] = []
  put(out, value)
  return Uint8Array.from(out)
}

function put(out: number[], value: Value): void {
  if (typeof value === "number") putInteger(out, value)
  else if (typeof value === "string") {
    const text = utf8(value)
    if (text.length < 32) out.push(0xa0 | text.length)
    else putSize(out, text.length, [0xd9, 0xda, 0xdb])
    for (const byte of text) out.push(byte)
  } else if (value instanceof Uint8Array) {
    putSize(out, value.length, [0xc4, 0xc5, 0xc6])
    for (const byte of value) out.push(byte)
  } else {
    if (value.length < 16) out.push(0x90 | value.length)
    else putSize(out, value.length, [0xdc, 0xdc, 0xdd])
    for (const item of value) put(out, item)
  }
}

/** A one-, two- or four-byte length after its marker; arrays have no one-byte form. */
function putSize(out: number[], size: number, [one, two, four]: readonly [number, number, number]): void {
  if (size < 0x100 && one !== two) out.push(one, size)
  else if (size < 0x10000) out.push(two, size >>> 8, size & 0xff)
  else out.push(four, ...bigEndian(size, 4))
}

function putInteger(out: number[], value: number): void {
  if (!Number.isSafeInteger(value) || value < 0) throw new BadFrame("not an integer of the protocol")
  if (value < 0x80) out.push(value)
  else if (value < 0x100) out.push(0xcc, value)
  else if (value < 0x10000) out.push(0xcd, value >>> 8, value & 0xff)
  else if (value < 2 ** 32) out.push(0xce, ...bigEndian(value, 4))
  else out.push(0xcf, ...bigEndian(value, 8))
}

function bigEndian(value: number, size: number): number[] {
  const bytes: number[] = []
  for (let rest = value, left = size; left > 0; left--, rest = Math.floor(rest / 256)) bytes.unshift(rest % 256)
  return bytes
}

// TextEncoder is not part of the language, and this folder compiles with the language only.
function utf8(text: string): number[] {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    if (point >= 0xd800 && point <= 0xdfff) throw new BadFrame("half a character")
    if (point < 0x80) bytes.push(point)
    else if (point < 0x800) bytes.push(0xc0 | (point >> 6), 0x80 | (point & 0x3f))
    else if (point < 0x10000) bytes.push(0xe0 | (point >> 12), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
    else bytes.push(0xf0 | (point >> 18), 0x80 | ((point >> 12) & 0x3f), 0x80 | ((point >> 6) & 0x3f), 0x80 | (point & 0x3f))
  }
  return bytes
}

/** Read exactly one array. Throws BadFrame; never anything else. */
export function read(data: Uint8Array): readonly Value[] {
  const reader = new Reader(data)
  const value = reader.value(MAX_DEPTH)
  if (!Array.isArray(value) || !reader.isAtEnd) throw new BadFrame("not one array")
  return value as readonly Value[]
}

class Reader {
  private place = 0

  constructor(private readonly data: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.place === this.data.length
  }

  value(depth: number): Value {
    const marker = this.integer(1)
    if (marker < 0x80) return marker
    if ((marker & 0xe0) === 0xa0) return this.text(marker & 0x1f)
    if ((marker & 0xf0) === 0x90) return this.array(marker & 0x0f, depth)
    switch (marker) {
      case 0xc4:
        return this.take(this.integer(1))
      case 0xc5:
        return this.take(this.integer(2))
      case 0xc6:
        return this.take(this.integer(4))
      case 0xcc:
        return this.integer(1)
      case 0xcd:
        return this.integer(2)
      case 0xce:
        return this.integer(4)
      case 0xcf:
        return this.integer(8)
      case 0xd9:
        return this.text(this.integer(1))
      case 0xda:
        return this.text(this.integer(2))
      case 0xdc:
        return this.array(this.integer(2), depth)
      default:
        throw new BadFrame("not a type of the protocol")
    }
  }

  private take(size: number): Uint8Array {
    if (size > this.data.length - this.place) throw new BadFrame("cut short")
    // A copy: the frame's buffer is not kept alive by a nonce.
    return this.data.slice(this.place, (this.place += size))
  }

  private integer(size: number): number {
    if (size > this.data.length - this.place) throw new BadFrame("cut short")
    let value = 0
    for (const end = this.place + size; this.place < end; this.place++) value = value * 256 + (this.data[this.place] ?? 0)
    if (value > Number.MAX_SAFE_INTEGER) throw new BadFrame("over 2^53 - 1")
    return value
  }

  /** Everything a server says in text (ids, codes) is ASCII. */
  private text(size: number): string {
    let text = ""
    for (const byte of this.take(size)) {
      if (byte > 0x7f) throw new BadFrame("not ASCII")
      text += String.fromCharCode(byte)
    }
    return text
  }

  private array(size: number, depth: number): readonly Value[] {
    // Each item takes at least one byte, so a claim larger than the frame is refused before it is believed.
    if (depth === 0 || size > this.data.length - this.place) throw new BadFrame("too deep or too long")
    return Array.from({ length: size }, () => this.value(depth - 1))
  }
}
