import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { BadSeal, Malformed } from "./errors.js"
import { requireSealingPublic, seal, sealingKeyFromSeed } from "./sealing.js"
type Vectors = { open: Sealed[]; open_refused: Sealed[]; sealing_public_refused: Sealed[] }
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/crypto.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))

type Sealed = { why: string; seed: string; public: string; label: string; aad: string; box: string; plaintext: string }

test.each(vectors.open)("opens what Python sealed", async (vector) => {
  const key = await sealingKeyFromSeed(unhex(vector.seed))

  expect(hex(key.public)).toBe(vector.public)
  expect(hex(await key.open(unhex(vector.box), vector.label, unhex(vector.aad)))).toBe(vector.plaintext)
})

test.each(vectors.open_refused)("does not open: $why", async (vector) => {
  const key = await sealingKeyFromSeed(unhex(vector.seed))

  await expect(key.open(unhex(vector.box), vector.label, unhex(vector.aad))).rejects.toThrow(BadSeal)
})

test.each(vectors.sealing_public_refused)("refuses a public key: $why", async (vector) => {
  expect(() => requireSealingPublic(unhex(vector.public))).toThrow(Malformed)
  await expect(seal(unhex(vector.public), unhex("01"), "lien/v1/test", unhex(""))).rejects.toThrow(Malformed)
})

test("opens what it sealed, for its label and context only", async () => {
  const key = await sealingKeyFromSeed(new Uint8Array(32))
  const box = await seal(key.public, unhex("0102"), "lien/v1/test", unhex("03"))

  expect(box).toHaveLength(1138)
  expect(hex(await key.open(box, "lien/v1/test", unhex("03")))).toBe("0102")
  await expect(key.open(box, "lien/v1/test", unhex("04"))).rejects.toThrow(BadSeal)
})
