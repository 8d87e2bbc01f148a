import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { BadSeal } from "./errors.js"
import { decrypt, derive, encrypt, hash32, pad, paddedSize, unpad } from "./suite.js"
type Vectors = {
  hash: { input: string; output: string }[]
  derive: { secret: string; label: string; context: string; length: number; output: string }[]
  decrypt: Opened[]
  decrypt_refused: Opened[]
  padded_sizes: [number, number][]
  pad: { plaintext: string; padded: string }[]
  unpad_refused: { why: string; padded: string }[]
}
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/crypto.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))

type Opened = { why?: string; key: string; aad: string; box: string; plaintext: string }

test("hashes", async () => {
  for (const { input, output } of vectors.hash) expect(hex(await hash32(unhex(input)))).toBe(output)
})

test("derives", async () => {
  for (const { secret, label, context, length, output } of vectors.derive) {
    expect(hex(await derive(unhex(secret), label, unhex(context), length))).toBe(output)
  }
})

test("decrypts", () => {
  for (const { key, aad, box, plaintext } of vectors.decrypt) {
    expect(hex(decrypt(unhex(key), unhex(box), unhex(aad)))).toBe(plaintext)
  }
})

test.each(vectors.decrypt_refused)("does not decrypt: $why", ({ key, aad, box }) => {
  expect(() => decrypt(unhex(key), unhex(box), unhex(aad))).toThrow(BadSeal)
})

test("encrypts what it decrypts, never twice alike", () => {
  const [key, plaintext, aad] = [new Uint8Array(32), unhex("0102"), unhex("03")]
  const box = encrypt(key, plaintext, aad)

  expect(hex(decrypt(key, box, aad))).toBe("0102")
  expect(hex(encrypt(key, plaintext, aad))).not.toBe(hex(box))
})

test("pads to the sizes of the set", () => {
  for (const [size, padded] of vectors.padded_sizes) expect(paddedSize(size)).toBe(padded)
  for (const { plaintext, padded } of vectors.pad) {
    expect(hex(pad(unhex(plaintext)))).toBe(padded)
    expect(hex(unpad(unhex(padded)))).toBe(plaintext)
  }
})

test("unpads what it pads", () => {
  for (let size = 0; size < 5000; size += 7) expect(unpad(pad(new Uint8Array(size).fill(7)))).toHaveLength(size)
})

test.each(vectors.unpad_refused)("does not unpad: $why", ({ padded }) => {
  expect(() => unpad(unhex(padded))).toThrow(BadSeal)
})
