/**
 * Commands to bytes, and bytes to replies and pushes. The mirror of lien.protocol.codec: strict on input,
 * exact arity and types, one exception whatever the bytes are.
 */
import type { BehindReason, ChannelState, Command, Event, Level } from "./frames.js"
import { limits } from "./limits.js"
import { BadFrame, read, write, type Value } from "./msgpack.js"

export { BadFrame } from "./msgpack.js"

export function encode(command: Command): Uint8Array {
  const data = write(valuesOf(command))
  if (data.length > limits.frameBytes) throw new BadFrame("over 64 KiB")
  return data
}

function valuesOf(command: Command): readonly Value[] {
  switch (command.kind) {
    case "Hello":
      return [1, command.ref, command.proof, command.client]
    case "Send":
      return [2, command.ref, command.header, command.sealed]
    case "Resume":
      return [3, command.ref, command.cursors.map(({ channel, incarnation, offset }) => [channel, incarnation, offset])]
    case "Ack":
      return [4, command.ref, command.channel, command.incarnation, command.offset, command.level]
    case "Typing":
      return [5, command.ref, command.channel]
    case "Ping":
      return [6, command.ref]
  }
}

/** Read what the server sent. Throws BadFrame; never anything else. */
export function decode(data: Uint8Array): Event {
  if (data.length > limits.frameBytes) throw new BadFrame("over 64 KiB")
  const [type, ref, ...values] = read(data)
  return ref === 0 ? pushOf(type, new Fields(values)) : replyOf(type, ref, new Fields(values))
}

function replyOf(type: Value | undefined, ref: Value | undefined, fields: Fields): Event {
  switch (type) {
    case 64:
      return fields.end({ kind: "Ok", ref: replyRef(ref) })
    case 65:
      return fields.end({
        kind: "Welcome",
        ref: replyRef(ref),
        account: fields.id(),
        device: fields.id(),
        serverAtMs: fields.count(),
        sessionEndsAtMs: fields.count(),
      })
    case 66:
      return fields.end({
        kind: "Accepted",
        ref: replyRef(ref),
        incarnation: fields.number(),
        offset: fields.number(),
        atMs: fields.count(),
      })
    case 67:
      return fields.end({ kind: "Resumed", ref: replyRef(ref), states: fields.states() })
    case 68:
      return fields.end({ kind: "Failed", ref: replyRef(ref), code: fields.code(), retryAfterMs: fields.count() })
    default:
      throw new BadFrame("not a reply")
  }
}

function pushOf(type: Value | undefined, fields: Fields): Event {
  switch (type) {
    case 96:
      return fields.end({ kind: "Challenge", nonce: fields.nonce(), serverAtMs: fields.count() })
    case 97:
      return fields.end({
        kind: "Entry",
        channel: fields.channel(),
        incarnation: fields.number(),
        offset: fields.number(),
        atMs: fields.count(),
        header: fields.binary(limits.headerBytes),
        sealed: fields.binary(limits.sealedBytes),
      })
    case 98:
      return fields.end({
        kind: "Receipt",
        channel: fields.channel(),
        account: fields.id(),
        level: fields.oneOrTwo(),
        offset: fields.number(),
      })
    case 99:
      return fields.end({ kind: "Typed", channel: fields.channel(), account: fields.id() })
    case 100:
      return fields.end({
        kind: "Gap",
        channel: fields.channel(),
        incarnation: fields.number(),
        fromOffset: fields.number(),
        toOffset: fields.number(),
      })
    case 101:
      return fields.end({ kind: "Reset", channel: fields.channel(), incarnation: fields.number(), offset: fields.count() })
    case 102:
      return fields.end({ kind: "Behind", reason: fields.oneOrTwo() })
    case 103:
      return fields.end({ kind: "Drain", withinMs: fields.count() })
    default:
      throw new BadFrame("not a push")
  }
}

function replyRef(ref: Value | undefined): number {
  if (typeof ref !== "number" || ref < 1 || ref > limits.ref) throw new BadFrame("not a ref")
  return ref
}

// The last of 22 base64url characters holds 2 bits of the 128: only A, Q, g, w are canonical.
const ID = /^[A-Za-z0-9_-]{21}[AQgw]$/
const CHANNEL = /^[cdi][A-Za-z0-9_-]{21}[AQgw]$/
const CODE = /^[a-z][a-z_]{0,63}$/

/** The fields after ref, taken in order; each method checks one kind. Property order above is field order. */
class Fields {
  private place = 0

  constructor(private readonly values: readonly Value[]) {}

  /** Nothing may be left. */
  end<Frame extends Event>(frame: Frame): Frame {
    if (this.place !== this.values.length) throw new BadFrame("an extra field")
    return frame
  }

  count(): number {
    const value = this.values[this.place++]
    if (typeof value !== "number") throw new BadFrame("not an integer")
    return value
  }

  number(): number {
    const value = this.count()
    if (value === 0) throw new BadFrame("counts from 1")
    return value
  }

  oneOrTwo(): Level & BehindReason {
    const value = this.count()
    if (value !== 1 && value !== 2) throw new BadFrame("1 or 2")
    return value
  }

  binary(most: number, least = 0): Uint8Array {
    const value = this.values[this.place++]
    if (!(value instanceof Uint8Array) || value.length > most || value.length < least) throw new BadFrame("not that binary")
    return value
  }

  nonce(): Uint8Array {
    return this.binary(limits.nonceBytes, limits.nonceBytes)
  }

  id(): string {
    return this.text(ID)
  }

  channel(): string {
    return this.text(CHANNEL)
  }

  code(): string {
    return this.text(CODE)
  }

  states(): readonly ChannelState[] {
    const value = this.values[this.place++]
    if (!Array.isArray(value) || value.length > limits.cursors) throw new BadFrame("not a list of states")
    return (value as readonly Value[]).map((item) => {
      if (!Array.isArray(item)) throw new BadFrame("not a state")
      const fields = new Fields(item as readonly Value[])
      const state = { channel: fields.channel(), incarnation: fields.count(), head: fields.count(), next: fields.count() }
      if (fields.place !== item.length) throw new BadFrame("not a state")
      return state
    })
  }

  private text(pattern: RegExp): string {
    const value = this.values[this.place++]
    if (typeof value !== "string" || !pattern.test(value)) throw new BadFrame("not that text")
    return value
  }
}
