/**
 * The MessagePack of what is signed: shortest form only, in both directions.
 *
 * Our own, because the readers at hand take longer forms, floats for integers and half characters, and two
 * languages that read the same signed bytes differently would show two people two truths.
 */
import type { Bytes } from "../bytes.js"
import { Malformed } from "./errors.js"

export type Value = null | boolean | number | string | Uint8Array | readonly Value[] | ValueMap
export type ValueMap = { readonly [key: string]: Value }

const MAX_DEPTH = 8
const MAX_ARRAY = 512
const MAX_MAP = 32
const MAP_KEY = /^[a-z][a-z_]{0,31}$/
const HALF_CHARACTER = /[\ud800-\udfff]/u
const ENCODER = new TextEncoder()
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

export function write(value: Value): Bytes {
  const parts: Uint8Array[] = []
  put(parts, value)
  return join(parts)
}

/** The bytes one after the other. */
export function join(parts: readonly Uint8Array[]): Bytes {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0))
  let place = 0
  for (const part of parts) {
    whole.set(part, place)
    place += part.length
  }
  return whole
}

function put(parts: Uint8Array[], value: Value): void {
  if (value === null) parts.push(Uint8Array.of(0xc0))
  else if (typeof value === "boolean") parts.push(Uint8Array.of(value ? 0xc3 : 0xc2))
  else if (typeof value === "number") parts.push(integer(value))
  else if (typeof value === "string") {
    if (HALF_CHARACTER.test(value)) throw new Malformed()
    const text = ENCODER.encode(value)
    parts.push(text.length < 32 ? Uint8Array.of(0xa0 | text.length) : size(text.length, 0xd9, 0xda, 0xdb), text)
  } else if (value instanceof Uint8Array) parts.push(size(value.length, 0xc4, 0xc5, 0xc6), value)
  else if (Array.isArray(value)) {
    const items = value as readonly Value[]
    parts.push(items.length < 16 ? Uint8Array.of(0x90 | items.length) : size(items.length, null, 0xdc, 0xdd))
    for (const item of items) put(parts, item)
  } else {
    const entries = Object.entries(value)
    parts.push(entries.length < 16 ? Uint8Array.of(0x80 | entries.length) : size(entries.length, null, 0xde, 0xdf))
    for (const [key, item] of entries) {
      put(parts, key)
      put(parts, item)
    }
  }
}

function integer(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) throw new Malformed()
  if (value < 0x80) return Uint8Array.of(value)
  if (value < 0x100) return Uint8Array.of(0xcc, value)
  if (value < 0x10000) return Uint8Array.of(0xcd, value >>> 8, value & 0xff)
  return value < 2 ** 32 ? big(0xce, value, 4) : big(0xcf, value, 8)
}

/** A length after its marker; arrays and maps have no one-byte form. */
function size(value: number, one: number | null, two: number, four: number): Uint8Array {
  if (value < 0x100 && one !== null) return Uint8Array.of(one, value)
  return value < 0x10000 ? Uint8Array.of(two, value >>> 8, value & 0xff) : big(four, value, 4)
}

function big(marker: number, value: number, width: number): Uint8Array {
  const bytes = new Uint8Array(1 + width)
  bytes[0] = marker
  for (let place = width, rest = value; place > 0; place--, rest = Math.floor(rest / 256)) bytes[place] = rest % 256
  return bytes
}

/** Read exactly one value. Throws Malformed; never anything else. */
export function read(data: Uint8Array): Value {
  const reader = new Reader(data)
  const value = reader.value(MAX_DEPTH)
  if (!reader.isAtEnd) throw new Malformed()
  return value
}

class Reader {
  private place = 0

  constructor(private readonly data: Uint8Array) {}

  get isAtEnd(): boolean {
    return this.place === this.data.length
  }

  value(depth: number): Value {
    if (depth === 0) throw new Malformed()
    const marker = this.number(1, 0)
    if (marker < 0x80) return marker
    if (marker < 0x90) return this.map(marker & 0x0f, depth)
    if (marker < 0xa0) return this.array(marker & 0x0f, depth)
    if (marker < 0xc0) return this.text(marker & 0x1f)
    // The least value of each longer form: below it, a shorter one exists and must have been written.
    switch (marker) {
      case 0xc0:
        return null
      case 0xc2:
        return false
      case 0xc3:
        return true
      case 0xc4:
        return this.take(this.number(1, 0))
      case 0xc5:
        return this.take(this.number(2, 0x100))
      case 0xcc:
        return this.number(1, 0x80)
      case 0xcd:
        return this.number(2, 0x100)
      case 0xce:
        return this.number(4, 0x10000)
      case 0xcf:
        return this.number(8, 2 ** 32)
      case 0xd9:
        return this.text(this.number(1, 32))
      case 0xda:
        return this.text(this.number(2, 0x100))
      case 0xdc:
        return this.array(this.number(2, 16), depth)
      case 0xde:
        return this.map(this.number(2, 16), depth)
      default:
        throw new Malformed() // floats, negatives, extensions; and no structure holds 64 KiB in one value
    }
  }

  private number(width: number, least: number): number {
    if (width > this.data.length - this.place) throw new Malformed()
    let value = 0
    for (const end = this.place + width; this.place < end; this.place++) value = value * 256 + (this.data[this.place] ?? 0)
    if (value < least || value > Number.MAX_SAFE_INTEGER) throw new Malformed()
    return value
  }

  private take(length: number): Bytes {
    if (length > this.data.length - this.place) throw new Malformed()
    return new Uint8Array(this.data.subarray(this.place, (this.place += length)))
  }

  private text(length: number): string {
    try {
      return DECODER.decode(this.take(length))
    } catch {
      throw new Malformed()
    }
  }

  private array(length: number, depth: number): readonly Value[] {
    if (length > MAX_ARRAY) throw new Malformed()
    return Array.from({ length }, () => this.value(depth - 1))
  }

  private map(length: number, depth: number): ValueMap {
    if (length > MAX_MAP) throw new Malformed()
    const entries = new Map<string, Value>()
    for (let left = length; left > 0; left--) {
      const key = this.value(depth - 1)
      if (typeof key !== "string" || !MAP_KEY.test(key) || entries.has(key)) throw new Malformed()
      entries.set(key, this.value(depth - 1))
    }
    return Object.fromEntries(entries)
  }
}
