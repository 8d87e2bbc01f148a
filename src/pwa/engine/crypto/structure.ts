/** A structure: an array that begins with the version 1, every field asked for by its type and bounds. */
import type { AccountId, BlobId, ChannelId, DeviceId, EnvelopeId } from "../../bridge/models.js"
import type { Bytes } from "../bytes.js"
import { isChannel, isId } from "../ids.js"
import { Malformed } from "./errors.js"
import { read, write, type Value } from "./msgpack.js"

const VERSION = 1

/** The version and the fields, in MessagePack's shortest form. */
export function encode(...fields: readonly Value[]): Bytes {
  return write([VERSION, ...fields])
}

/** Code points, as every length in characters is counted. */
export function characters(text: string): number {
  return Array.from(text).length
}

/** The fields of one structure, each taken once, in order. Every method throws Malformed. */
export class Fields {
  private next = 0

  private constructor(private readonly values: readonly Value[]) {}

  /** The fields after the version; `arity` counts the version too. */
  static decode(data: Uint8Array, arity: number, limit: number): Fields {
    if (data.length > limit) throw new Malformed()
    const fields = Fields.ofList(read(data), arity)
    fields.integer(VERSION, VERSION)
    return fields
  }

  /** The fields of an inner array, which has no version. */
  static ofList(value: Value | undefined, arity: number): Fields {
    if (!Array.isArray(value) || value.length !== arity) throw new Malformed()
    return new Fields(value as readonly Value[])
  }

  value(): Value {
    const value = this.values[this.next++]
    if (value === undefined) throw new Malformed()
    return value
  }

  integer(low = 0, high: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.value()
    if (typeof value !== "number" || value < low || value > high) throw new Malformed()
    return value
  }

  text(longest: number): string {
    const value = this.value()
    if (typeof value !== "string" || characters(value) > longest) throw new Malformed()
    return value
  }

  /** Bytes of one of these exact lengths. */
  blob(...lengths: readonly number[]): Bytes {
    const value = this.value()
    if (!(value instanceof Uint8Array) || !lengths.includes(value.length)) throw new Malformed()
    return new Uint8Array(value)
  }

  blobUpTo(longest: number): Bytes {
    const value = this.value()
    if (!(value instanceof Uint8Array) || value.length > longest) throw new Malformed()
    return new Uint8Array(value)
  }

  items(fewest: number, most: number): readonly Value[] {
    const value = this.value()
    if (!Array.isArray(value) || value.length < fewest || value.length > most) throw new Malformed()
    return value as readonly Value[]
  }

  account(): AccountId {
    return this.identifier() as AccountId
  }

  device(): DeviceId {
    return this.identifier() as DeviceId
  }

  envelope(): EnvelopeId {
    return this.identifier() as EnvelopeId
  }

  blobId(): BlobId {
    return this.identifier() as BlobId
  }

  channel(): ChannelId {
    const text = this.text(23)
    if (!isChannel(text)) throw new Malformed()
    return text
  }

  identifier(): string {
    const text = this.text(22)
    if (!isId(text)) throw new Malformed()
    return text
  }
}
