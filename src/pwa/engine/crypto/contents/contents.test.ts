import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { Malformed } from "../errors.js"
import { read, write, type ValueMap } from "../msgpack.js"
import { plainText } from "./messages.js"
import { bodyOf, parseSaid } from "./types.js"

type Vector = { readonly why: string; readonly type: string; readonly body: string }
type Vectors = { readonly read: Vector[]; readonly newer: Vector[]; readonly refused: Vector[] }
const vectors = JSON.parse(readFileSync(new URL("../../../../../tests/vectors/contents.json", import.meta.url), "utf-8")) as Vectors
const bodyIn = ({ body }: Vector) => read(new Uint8Array(Buffer.from(body, "hex"))) as ValueMap

test.each(vectors.read)("is read and written back to the same bytes: $why", (vector) => {
  const said = parseSaid(vector.type, bodyIn(vector))
  expect(said?.type).toBe(vector.type)
  if (said !== null) expect(Buffer.from(write(bodyOf(said))).toString("hex")).toBe(vector.body)
})

test.each(vectors.newer)("needs a newer version: $why", (vector) => {
  expect(parseSaid(vector.type, bodyIn(vector))).toBeNull()
})

test.each(vectors.refused)("is refused: $why", (vector) => {
  expect(() => parseSaid(vector.type, bodyIn(vector))).toThrow(Malformed)
})

test("out of bounds is not written", () => {
  expect(() => bodyOf(plainText("x".repeat(16_001)))).toThrow(Malformed)
  expect(() => bodyOf({ ...plainText("x"), intent: { kind: "answer", byMs: 0 } })).toThrow(Malformed)
})
