import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { deviceSealingKey, openSecret, sealSecret, verifySealingKey } from "./device.js"
import { BadSeal, Malformed } from "./errors.js"
import { decodeHello, encodeHello, formatTransferCode, openTransfer, parseTransferCode, sealTransfer, transferCode, transferId, transferQr } from "./transfer.js"

const vector = JSON.parse(readFileSync(new URL("../../../../tests/vectors/devices.json", import.meta.url), "utf8")) as Record<string, string | number>
const bytes = (name: string): Uint8Array<ArrayBuffer> => Uint8Array.from(String(vector[name]).match(/../g) ?? [], (pair) => parseInt(pair, 16))
const [account, device] = [vector["account"] as AccountId, vector["device"] as DeviceId]
const generation = vector["generation"] as number

test("a device opens what Python sealed to it, and nothing sealed to another", async () => {
  const key = await deviceSealingKey(bytes("seed"))
  expect(key.public).toEqual(bytes("sealing_public"))
  expect((await openSecret(key, bytes("box"), account, device, generation)).bytes).toEqual(bytes("secret"))
  await expect(openSecret(key, bytes("box"), account, vector["other_device"] as DeviceId, generation)).rejects.toThrow(BadSeal)
  await expect(openSecret(key, bytes("box"), account, device, generation + 1)).rejects.toThrow(BadSeal)
  const box = await sealSecret(key.public, bytes("secret"), account, device, 7)
  expect((await openSecret(key, box, account, device, 7)).bytes).toEqual(bytes("secret"))
})

test("a hello gives the code that both screens show, and what was sealed to it opens", async () => {
  const [hello, code] = [bytes("hello"), await transferCode(bytes("hello"))]
  expect(code).toEqual(bytes("code"))
  expect(await transferId(code)).toBe(vector["transfer"])
  const text = formatTransferCode(code)
  expect(parseTransferCode(transferQr(code))).toEqual(code)
  expect(parseTransferCode(` ${text.replaceAll("-", " ").toLowerCase()}`)).toEqual(code)
  for (const wrong of ["", text.slice(1), `${text}0`, "LIEN:", "https://example.org"]) expect(() => parseTransferCode(wrong)).toThrow(Malformed)
  const said = decodeHello(hello)
  expect(said.label).toBe("Téléphone")
  expect(encodeHello(said)).toEqual(hello)
  const key = await deviceSealingKey(bytes("seed"))
  expect(await openTransfer(key, hello, bytes("sealed"))).toEqual({ account, generation, secret: bytes("secret") })
  const other = encodeHello({ ...said, label: "Autre" })
  await expect(openTransfer(key, other, bytes("sealed"))).rejects.toThrow(BadSeal)
  const again = await sealTransfer(hello, { account, generation, secret: bytes("secret") })
  expect((await openTransfer(key, hello, again)).secret).toEqual(bytes("secret"))
})

test("a key that the server put in place is refused", async () => {
  const isOfDevice = (sealingPublic: Uint8Array) => verifySealingKey(bytes("device_public"), account, device, sealingPublic, bytes("signature"))
  await isOfDevice(bytes("sealing_public"))
  await expect(isOfDevice((await deviceSealingKey(new Uint8Array(32))).public)).rejects.toThrow(BadSeal)
})
