import { readFileSync } from "node:fs"
import { expect, test } from "vitest"
import type { BlobId } from "../../bridge/models.js"
import { type Bytes, fromBase64 } from "../bytes.js"
import { newBlob } from "../ids.js"
import { BlobOpener, BOX_BYTES, CHUNK_BYTES, newBlobKey, sealBlob, storedSize } from "./blob.js"
import { BadBlob } from "./errors.js"
import { join } from "./msgpack.js"
import { hash32 } from "./suite.js"

type Vectors = {
  key: string
  blob: BlobId
  sizes: [number, number][]
  opened: { size: number; hash: string; stored: string }[]
  refused: { why: string; key: string; blob: BlobId; stored: string }[]
  refused_of_long: { why: string; parts: [number, number][] }[]
}
const vectors = JSON.parse(readFileSync(new URL("../../../../tests/vectors/blobs.json", import.meta.url), "utf-8")) as Vectors
const bytes = (text: string) => fromBase64(text) as Bytes
const pattern = (size: number) => Uint8Array.from({ length: size }, (_, index) => index % 251)
const long = bytes(vectors.opened.at(-1)?.stored ?? "")
// toEqual on large arrays is slow; their text is not.
const text = (value: Uint8Array) => Buffer.from(value).toString("base64")

async function open(key: Uint8Array, blob: BlobId, pieces: Uint8Array[], hash: Uint8Array | null = null): Promise<Bytes> {
  const opener = await BlobOpener.begin(key, blob)
  return join([...pieces.flatMap((piece) => opener.push(piece)), opener.end(hash)])
}

test("counts what is stored", () => {
  for (const [size, stored] of vectors.sizes) expect(storedSize(size)).toBe(stored)
})

test.each(vectors.opened)("opens $size bytes", async ({ size, hash, stored }) => {
  const opened = await open(bytes(vectors.key), vectors.blob, [bytes(stored)], bytes(hash))

  expect(text(opened)).toBe(text(pattern(size)))
})

test.each(vectors.refused)("does not open: $why", async ({ key, blob, stored }) => {
  await expect(open(bytes(key), blob, [bytes(stored)])).rejects.toThrow(BadBlob)
})

test.each(vectors.refused_of_long)("does not open: $why", async ({ parts }) => {
  const stored = join(parts.map(([from, until]) => long.subarray(from, until)))

  await expect(open(bytes(vectors.key), vectors.blob, [stored])).rejects.toThrow(BadBlob)
})

test("opens nothing under another hash than was told", async () => {
  const other = new Uint8Array(32)

  await expect(open(bytes(vectors.key), vectors.blob, [long], other)).rejects.toThrow(BadBlob)
})

test.each([0, 1, 300, CHUNK_BYTES - 8, CHUNK_BYTES - 7, 2 * CHUNK_BYTES, 200_001])("opens the %i bytes it seals", async (size) => {
  const [key, blob, content] = [newBlobKey(), newBlob(), pattern(size)]

  const boxes: Bytes[] = []
  for await (const box of sealBlob(key, blob, content)) boxes.push(box)
  const stored = join(boxes)

  expect(stored.length).toBe(storedSize(size))
  expect(boxes.slice(0, -1).every((box) => box.length === BOX_BYTES)).toBe(true)
  const thirds = [stored.subarray(0, 1000), stored.subarray(1000, 70_000), stored.subarray(70_000)]
  expect(text(await open(key, blob, thirds, await hash32(content)))).toBe(text(content))
})
