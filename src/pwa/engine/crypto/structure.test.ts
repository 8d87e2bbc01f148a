import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { Malformed } from "./errors.js"
import { read, write } from "./msgpack.js"
import { encode, Fields } from "./structure.js"
type Vectors = { structure_read: Structure[]; structure_refused: Structure[] }
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/crypto.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))

type Structure = { why: string; bytes: string; value: never[] }

test.each(vectors.structure_read)("reads and writes %#", ({ value, bytes }) => {
  expect(read(unhex(bytes))).toEqual(value)
  expect(hex(write(value))).toBe(bytes)
})

test.each(vectors.structure_refused)("refuses $why", ({ bytes }) => {
  for (const arity of [1, 2]) expect(() => Fields.decode(unhex(bytes), arity, 4096)).toThrow(Malformed)
})

test("any bytes are read or refused, and what is read would be written", () => {
  const random = new Uint8Array(24)
  for (let round = 0; round < 20_000; round++) {
    crypto.getRandomValues(random)
    random[0] = 0x90 | (round % 4)
    const data = random.subarray(0, 1 + (round % 24))
    try {
      expect(write(read(data))).toEqual(new Uint8Array(data))
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
    }
  }
})

test("refuses to write what it would not read", () => {
  for (const value of [-1, 1.5, 2 ** 53, NaN, "\ud800"]) expect(() => encode(value)).toThrow(Malformed)
})

test("a field out of its bounds is refused", () => {
  const takes: [never, (fields: Fields) => unknown][] = [
    [0 as never, (fields) => fields.integer(1, 5)],
    [6 as never, (fields) => fields.integer(1, 5)],
    ["1" as never, (fields) => fields.integer()],
    ["four" as never, (fields) => fields.text(3)],
    [unhex("01") as never, (fields) => fields.text(3)],
    [unhex("01") as never, (fields) => fields.blob(2)],
    ["ab" as never, (fields) => fields.blob(2)],
    [unhex("0102") as never, (fields) => fields.blobUpTo(1)],
    [[] as never, (fields) => fields.items(1, 2)],
    ["A" as never, (fields) => fields.device()],
    ["x" as never, (fields) => fields.channel()],
  ]
  for (const [value, take] of takes) expect(() => take(Fields.ofList([value], 1))).toThrow(Malformed)
  expect(Fields.ofList(["été"], 1).text(3)).toBe("été")
  expect(Fields.ofList(["🏥🏥🏥"], 1).text(3)).toBe("🏥🏥🏥")
})
