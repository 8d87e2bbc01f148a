import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { BadFrame, decode, encode } from "./codec.js"
import type { Command, Event } from "./frames.js"
import { write } from "./msgpack.js"

type Vector = { name: string; fields: Record<string, unknown>; bytes: string }
type Refused = { why: string; bytes: string }
const vectors = JSON.parse(readFileSync(new URL("../../../tests/vectors/protocol.json", import.meta.url), "utf-8")) as {
  commands: Vector[]
  events: Vector[]
  refused_events: Refused[]
}

const unhex = (text: string) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
const BINARY = new Set(["proof", "header", "sealed", "nonce"])
const TUPLES: Record<string, readonly string[]> = {
  cursors: ["channel", "incarnation", "offset"],
  states: ["channel", "incarnation", "head", "next"],
}

/** A vector's fields as the frame this side uses. */
function frame({ name, fields }: Vector): Record<string, unknown> {
  const entries = Object.entries(fields).map(([field, value]) => {
    if (BINARY.has(field)) return [field, unhex(value as string)]
    const names = TUPLES[field]
    if (names === undefined) return [camel(field), value]
    return [field, (value as unknown[][]).map((tuple) => Object.fromEntries(tuple.map((item, i) => [names[i]!, item])))]
  })
  return { kind: name, ...Object.fromEntries(entries) as object }
}

describe("the vectors that Python reads and writes", () => {
  test.each(vectors.commands)("writes $name $bytes.length", (vector) => {
    expect(hex(encode(frame(vector) as Command))).toBe(vector.bytes)
  })
  test.each(vectors.events)("reads $name $bytes.length", (vector) => {
    expect(decode(unhex(vector.bytes))).toEqual(frame(vector) as Event)
  })
  test.each(vectors.refused_events)("refuses $why", ({ bytes }) => {
    expect(() => decode(unhex(bytes))).toThrow(BadFrame)
  })
})

test("the largest send fits and a larger one is refused", () => {
  const send = { kind: "Send", ref: 1, header: new Uint8Array(256) } as const
  expect(encode({ ...send, sealed: new Uint8Array(60_000) }).length).toBeLessThan(65_536)
  expect(() => encode({ ...send, sealed: new Uint8Array(65_536) })).toThrow(BadFrame)
  expect(() => decode(new Uint8Array(65_537))).toThrow(BadFrame)
})

test("only integers of the protocol and whole characters are written", () => {
  for (const bad of [-1, 1.5, Number.NaN, 2 ** 53, Infinity]) expect(() => write([bad])).toThrow(BadFrame)
  expect(() => write(["\ud800"])).toThrow(BadFrame)
  expect(hex(write(["aé€😀"]))).toBe("91aa61c3a9e282acf09f9880")
})

test("any bytes are understood or refused", () => {
  // A fixed sequence, so that a failure can be run again (xorshift32).
  let seed = 0x9e3779b9
  const next = () => {
    seed ^= seed << 13
    seed ^= seed >>> 17
    seed ^= seed << 5
    return seed >>> 0
  }
  const samples = vectors.events.map((vector) => unhex(vector.bytes)).filter((bytes) => bytes.length < 400)
  for (let round = 0; round < 20_000; round++) {
    const bytes = samples[next() % samples.length]!.slice()
    for (let changes = next() % 4; changes >= 0; changes--) bytes[next() % bytes.length] = next() & 0xff
    const cut = bytes.slice(0, next() % 8 === 0 ? next() % bytes.length : undefined)
    try {
      decode(cut)
    } catch (error) {
      expect(error).toBeInstanceOf(BadFrame)
    }
  }
})
