import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { AccountId, DeviceId } from "../../bridge/models.js"
import { openAccountSecret, openEarlier, sealEarlier } from "./account.js"
import { BadSeal, Malformed } from "./errors.js"
import { proveEnrol, proveHello, proveRequest } from "./proofs.js"
import { signingKeyFromSeed } from "./signing.js"
import { passkeyWrapper, prfSalts, unwrap, wrap, type Wrapper } from "./vault.js"
type Proofs = {
  seed: string
  nonce: string
  device: DeviceId
  session: string
  origin: string
  method: string
  path: string
  at_ms: number
  body: string
  enrol: string
  hello: string
  request: string
}
type Vectors = {
  secret: { secret: string; sealing_public: string; signing_public: string; vault_key: string }
  earlier: { newer: string; box: string; account: AccountId; generation: number; secret: string }
  unwrap: [Wrapped]
  unwrap_refused: Wrapped[]
  prf_salts: { vault: string; local: string }
  proofs: Proofs
}
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/crypto.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))

type Wrapped = {
  why: string
  wrapped: string
  wrapping: string
  account: AccountId
  wrapper: Wrapper
  generation: number
  secret: string
}

test("the keys of a secret", async () => {
  const secret = await openAccountSecret(unhex(vectors.secret.secret))

  expect(hex(secret.sealing.public)).toBe(vectors.secret.sealing_public)
  expect(hex(secret.signing.public)).toBe(vectors.secret.signing_public)
  expect(hex(secret.vaultKey)).toBe(vectors.secret.vault_key)
  await expect(openAccountSecret(new Uint8Array(31))).rejects.toThrow(Malformed)
})

test("an earlier secret opens with the next one only", async () => {
  const { newer, box, account, generation, secret } = vectors.earlier
  const opener = await openAccountSecret(unhex(newer))
  const opened = await openEarlier(opener, unhex(box), account, generation)

  expect(hex(opened.bytes)).toBe(secret)
  await expect(openEarlier(opened, unhex(box), account, generation)).rejects.toThrow(BadSeal)
  await expect(openEarlier(opener, unhex(box), account, generation + 1)).rejects.toThrow(BadSeal)
  expect(hex((await openEarlier(opener, sealEarlier(opener, opened, account, 1), account, 1)).bytes)).toBe(secret)
})

test.each(vectors.unwrap)("a vault entry opens", async (entry) => {
  expect(hex((await open(entry)).bytes)).toBe(entry.secret)
})

test.each(vectors.unwrap_refused)("a vault entry is refused: $why", async (entry) => {
  await expect(open(entry)).rejects.toThrow(BadSeal)
})

test("a wrap opens, and a wrapping secret that could be searched is refused", async () => {
  const secret = await openAccountSecret(unhex(vectors.secret.secret))
  const [account, wrapper] = [vectors.unwrap[0].account, passkeyWrapper("abc" as never)]
  const wrapped = await wrap(secret, new Uint8Array(32), account, wrapper, 3)

  expect(hex((await unwrap(wrapped, new Uint8Array(32), account, wrapper, 3)).bytes)).toBe(vectors.secret.secret)
  await expect(wrap(secret, new Uint8Array(15), account, "recovery", 1)).rejects.toThrow(Malformed)
})

test("the PRF salts", async () => {
  const salts = await prfSalts()

  expect(hex(salts.vault)).toBe(vectors.prf_salts.vault)
  expect(hex(salts.local)).toBe(vectors.prf_salts.local)
})

test("proofs of possession", async () => {
  const { seed, nonce, device, session, origin, method, path, at_ms: atMs, body, enrol, hello, request } = vectors.proofs
  const key = signingKeyFromSeed(unhex(seed))

  expect(hex(await proveEnrol(key, unhex(nonce), device))).toBe(enrol)
  expect(hex(await proveHello(key, unhex(nonce), session, origin))).toBe(hello)
  expect(hex(await proveRequest(key, { session, method, path, atMs, body: unhex(body) }))).toBe(request)
})

const open = ({ wrapped, wrapping, account, wrapper, generation }: Wrapped) =>
  unwrap(unhex(wrapped), unhex(wrapping), account, wrapper, generation)
