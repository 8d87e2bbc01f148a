import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { isStrongPin, mix, newProfileKey, pinWrapKey, proofKey, provePin, stretch } from "./pin.js"
import { decrypt } from "./suite.js"

const vector = JSON.parse(readFileSync(new URL("../../../../tests/vectors/pin.json", import.meta.url), "utf8")) as Record<string, string>
const text = (name: string): string => vector[name] ?? ""
const bytes = (name: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text(name).match(/../g) ?? [], (pair) => parseInt(pair, 16))

test("digits lead to the local key, as in Python", async () => {
  const stretched = await stretch(text("digits"), bytes("salt"))
  expect(stretched).toEqual(bytes("stretched"))
  const profileKey = await crypto.subtle.importKey("raw", bytes("profile_key"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  const mixed = await mix(profileKey, stretched)
  expect(mixed).toEqual(bytes("mixed"))
  const key = await proofKey(mixed, text("pin"))
  expect(key.public).toEqual(bytes("public"))
  expect(await provePin(key, bytes("nonce"), text("pin"))).toEqual(bytes("proof"))
  const wrapKey = await pinWrapKey(mixed, bytes("share"), text("pin"))
  expect(wrapKey).toEqual(bytes("wrap_key"))
  expect(decrypt(wrapKey, bytes("box"), new TextEncoder().encode(text("pin")))).toEqual(bytes("local_key"))
})

test("a copied profile opens nothing with the right digits, without the server's share or on another profile", async () => {
  const stretched = await stretch(text("digits"), bytes("salt"))
  const about = new TextEncoder().encode(text("pin"))
  const profileKey = await crypto.subtle.importKey("raw", bytes("profile_key"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  const guessed = await pinWrapKey(await mix(profileKey, stretched), crypto.getRandomValues(new Uint8Array(bytes("share").length)), text("pin"))
  expect(() => decrypt(guessed, bytes("box"), about)).toThrow()
  const elsewhere = await pinWrapKey(await mix(await newProfileKey(), stretched), bytes("share"), text("pin"))
  expect(() => decrypt(elsewhere, bytes("box"), about)).toThrow()
})

test("the profile's key stays in the profile", async () => {
  await expect(crypto.subtle.exportKey("raw", await newProfileKey())).rejects.toThrow()
})

test("the first guesses of a thief are refused", () => {
  for (const weak of ["000000", "777777", "123456", "654321", "567890", "890123", "987654", "112233", "123123", "12345", "1234567", "12a456", ""]) {
    expect(isStrongPin(weak), weak).toBe(false)
  }
  for (const strong of ["407195", "860213", "135792", "100200"]) expect(isStrongPin(strong), strong).toBe(true)
})
