import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { BadEnvelope } from "./errors.js"
import { plainText } from "./contents/messages.js"
import {
  contentOf,
  decodeHeader,
  encodeHeader,
  formatStatementEntry,
  openEnvelope,
  parseStatementEntry,
  saidIn,
  sealEnvelope,
} from "./envelope.js"
import { signingKeyFromSeed } from "./signing.js"
type Vectors = { headers: Header[]; header_refused: Header[]; envelopes: [Sealed, Sealed]; envelope_refused: Sealed[] }
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/crypto.json", import.meta.url), "utf-8")) as Vectors
const hex = (value: Uint8Array) => Buffer.from(value).toString("hex")
const unhex = (text: string) => new Uint8Array(Buffer.from(text, "hex"))

type Sealed = {
  why: string
  code: string
  header: string
  sealed: string
  key: string
  device_public: string
  type: string
  body: Record<string, unknown>
  counter: number
  statement_hash: string
}
type Header = { why: string; bytes: string; fields: unknown[] }
const KINDS = ["", "message", "statement", "notice"]
const open = ({ header, sealed, key, device_public }: Sealed) =>
  openEnvelope(unhex(header), unhex(sealed), unhex(key), unhex(device_public))

test.each(vectors.headers)("a header", ({ bytes, fields }) => {
  const header = decodeHeader(unhex(bytes))
  const { channel, epoch, account, device, envelope, kind } = header

  expect([channel, epoch, account, device, envelope, KINDS.indexOf(kind)]).toEqual(fields)
  expect(hex(encodeHeader(header))).toBe(bytes)
})

test.each(vectors.header_refused)("a header is refused: $why", ({ bytes }) => {
  expect(() => decodeHeader(unhex(bytes))).toThrow(BadEnvelope)
})

test.each(vectors.envelopes)("opens what Python sealed: $type", async (vector) => {
  const content = await open(vector)

  expect(content.type).toBe(vector.type)
  expect(content.body).toEqual(vector.body)
  expect(content.counter).toBe(vector.counter)
  expect(hex(content.statementHash)).toBe(vector.statement_hash)
  expect(saidIn(content)).toEqual(vector.type === "text" ? plainText(vector.body.text as string) : null)
})

test.each(vectors.envelope_refused)("is refused: $why", async (vector) => {
  await expect(open(vector)).rejects.toMatchObject({ code: vector.code })
})

test("opens what it sealed, and refuses every changed byte", async () => {
  const [{ header, key }] = vectors.envelopes
  const device = signingKeyFromSeed(new Uint8Array(32))
  const content = contentOf(plainText("Où est le scanner du lit 12 ? 🏥"), 1, new Uint8Array(32))
  const sent = await sealEnvelope(decodeHeader(unhex(header)), content, unhex(key), device)

  expect(await openEnvelope(sent.header, sent.sealed, unhex(key), device.public)).toEqual(content)
  for (let place = 0; place < sent.sealed.length; place += 5) {
    const sealed = new Uint8Array(sent.sealed)
    sealed[place] = (sealed[place] ?? 0) ^ 1
    await expect(openEnvelope(sent.header, sealed, unhex(key), device.public)).rejects.toMatchObject({ code: "bad_seal" })
  }
})

test("a text too long is refused before it is sealed", async () => {
  const [{ header, key }] = vectors.envelopes
  const device = signingKeyFromSeed(new Uint8Array(32))
  expect(() => contentOf(plainText("x".repeat(16_001)), 1, new Uint8Array(32))).toThrow(BadEnvelope)
  for (const text of ["x".repeat(16_001), "🏥".repeat(16_000)]) {
    const content = { type: "text", body: { text }, counter: 1, statementHash: new Uint8Array(32) }
    await expect(sealEnvelope(decodeHeader(unhex(header)), content, unhex(key), device)).rejects.toThrow(BadEnvelope)
  }
})

test("a statement entry", () => {
  const signed = { data: unhex("0102"), signature: new Uint8Array(64) }

  expect(parseStatementEntry(formatStatementEntry(signed))).toEqual(signed)
  expect(() => parseStatementEntry(new Uint8Array(64))).toThrow(BadEnvelope)
})
