import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { BadSeal, Malformed } from "./errors.js"
import { generateDeviceKey, openDeviceKey, requirePublic, signingKeyFromSeed, verify, verifyPortably } from "./signing.js"
import { labelled } from "./suite.js"
type Vectors = { sign: [Signed]; verify_refused: Signed[]; public_refused: Signed[] }
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/crypto.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))

type Signed = { why: string; seed: string; public: string; label: string; message: string; signature: string }
const [right] = vectors.sign

test("signs as the seed says", async () => {
  const key = signingKeyFromSeed(unhex(right.seed))

  expect(hex(key.public)).toBe(right.public)
  expect(hex(await key.sign(right.label, unhex(right.message)))).toBe(right.signature)
})

test("verifies, with the browser and without it", async () => {
  const [key, message, signature] = [unhex(right.public), unhex(right.message), unhex(right.signature)]

  await verify(key, right.label, message, signature)
  expect(await verifyPortably(key, labelled(right.label, message), signature)).toBe(true)
})

test.each(vectors.verify_refused)("does not verify: $why", async (wrong) => {
  const [key, message, signature] = [unhex(wrong.public), unhex(wrong.message), unhex(wrong.signature)]

  await expect(verify(key, wrong.label, message, signature)).rejects.toThrow(BadSeal)
  // What the length and the weak-key checks stop before is not asked of the equation.
  if (signature.length !== 64 || wrong.why.includes("small-order")) return
  expect(await verifyPortably(key, labelled(wrong.label, message), signature)).toBe(false)
})

test.each(vectors.public_refused)("refuses a weak public key: $why", ({ public: weak }) => {
  expect(() => requirePublic(unhex(weak))).toThrow(Malformed)
})

test("a device key signs, and does not leave the browser", async () => {
  const stored = await generateDeviceKey()
  const key = openDeviceKey(stored)

  await verify(key.public, "lien/v1/test", unhex("01"), await key.sign("lien/v1/test", unhex("01")))
  expect(requirePublic(key.public)).toHaveLength(32)
  if (stored.kind === "seed") throw new Error("this runtime has Ed25519")
  await expect(crypto.subtle.exportKey("pkcs8", stored.privateKey)).rejects.toThrow()
})

test("a device key of a browser without Ed25519 is a seed", async () => {
  const seed = unhex(right.seed)
  const key = openDeviceKey({ kind: "seed", seed, public: unhex(right.public) })

  expect(hex(await key.sign(right.label, unhex(right.message)))).toBe(right.signature)
})
