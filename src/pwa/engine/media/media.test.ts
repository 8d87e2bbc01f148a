import "fake-indexeddb/auto"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { BlobId, ChannelId } from "../../bridge/models.js"
import { storedSize } from "../crypto/blob.js"
import { INFO } from "../crypto/contents/messages.js"
import { Http } from "../http.js"
import { newGroup } from "../ids.js"
import { Locker } from "../store/locker.js"
import { DATABASE } from "../store/schema.js"
import type { Store } from "../store/store.js"
import type { Carried, NewItem } from "./departures.js"
import { Library, type Messages } from "./library.js"
import { PART_BYTES, Shelf } from "./shelf.js"

/** What stands for the server: keeps parts, loses the network when told. */
class Door {
  readonly parts = new Map<string, Uint8Array<ArrayBuffer>>()
  readonly whole = new Set<string>()
  puts = 0
  /** Requests until the network is gone; Infinity for never. */
  until = Infinity

  readonly fetch = (url: string, init: RequestInit): Promise<Response> => Promise.resolve().then(() => this.answer(url, init))

  private answer(url: string, init: RequestInit): Response {
    if (this.until-- <= 0) throw new TypeError("network")
    const { pathname, searchParams } = new URL(url)
    const [, , , blob, verb] = pathname.split("/")
    if (blob === undefined) return this.begin(JSON.parse(new TextDecoder().decode(init.body as Uint8Array)) as { blob: string; size: number })
    if (verb === "complete") {
      this.whole.add(blob)
      return Response.json({ expires_at_ms: 1 })
    }
    if (init.method === "PUT") {
      this.puts += 1
      this.parts.set(`${blob}:${searchParams.get("offset")}`, new Uint8Array(init.body as Uint8Array<ArrayBuffer>))
      return Response.json({})
    }
    if (!this.whole.has(blob)) return Response.json({ error: { code: "not_found" } }, { status: 404 })
    const range = /bytes=(\d+)-/.exec(new Headers(init.headers).get("Range") ?? "")
    return new Response(this.parts.get(`${blob}:${range?.[1]}`), { status: 206 })
  }

  private begin({ blob, size }: { blob: string; size: number }): Response {
    const offsets = Array.from({ length: Math.ceil(size / PART_BYTES) }, (_, number) => number * PART_BYTES)
    return Response.json({ missing: offsets.filter((offset) => !this.parts.has(`${blob}:${offset}`)), complete: this.whole.has(blob) })
  }
}

const SIGNED = { session: "s", atMs: 1, signature: new Uint8Array(64) }
const SIGNER = { session: () => "s", sign: () => Promise.resolve(SIGNED) }
const REST = { text: "Talon droit", site: "", consent: "" as const, replyTo: null, mentions: [], intent: INFO, isForwarded: false }
const NO_MESSAGES: Messages = { findMedia: () => Promise.resolve(null), fateOf: () => Promise.resolve("gone") }
const CHANNEL: ChannelId = newGroup()

function aPhotograph(size = 600_000): NewItem {
  const content = Uint8Array.from({ length: size }, (_, index) => index % 249)
  const nothing = new Uint8Array()
  return { content, mediaType: "image/webp", name: "", width: 4, height: 3, durationMs: 0, thumbnail: nothing, waveform: nothing }
}

let locker: Locker
let store: Store
let door: Door
let handed: Carried[]
const libraries: Library[] = []

async function aLibrary(): Promise<Library> {
  const http = new Http({ origin: "https://lien.example", fetch: door.fetch }, SIGNER)
  const library = new Library(http, store, Date.now, (_channel, said) => {
    handed.push(said)
    return Promise.resolve()
  }, NO_MESSAGES, null)
  await library.load()
  libraries.push(library)
  return library
}

beforeEach(async () => {
  locker = await Locker.find(DATABASE, () => undefined)
  await locker.make(async (opened) => [await opened.put("self", "self", {})])
  store = (await locker.openByDevice())!
  door = new Door()
  handed = []
})

afterEach(async () => {
  for (const library of libraries.splice(0)) library.close()
  await locker.destroy()
  locker.close()
})

it("hands the message over once everything is on the server, and opens what came", async () => {
  const photograph = aPhotograph()
  const library = await aLibrary()
  await library.send(CHANNEL, [photograph, aPhotograph(10)], REST)
  await vi.waitFor(() => expect(handed).toHaveLength(1))
  expect(handed[0]).toMatchObject({ type: "media", text: "Talon droit" })
  expect(door.whole.size).toBe(2)
  expect(library.departures.in(CHANNEL)).toEqual([])

  await locker.destroy() // another phone: nothing is here
  await locker.make(async (opened) => [await opened.put("self", "self", {})])
  store = (await locker.openByDevice())!
  const other = await aLibrary()
  expect(other.shelf.has(handed[0]!.items[0]!.blob.blob)).toBe(false)
  expect(Buffer.from(await other.open(handed[0]!.items[0]!)).equals(Buffer.from(photograph.content))).toBe(true)
  expect(other.shelf.has(handed[0]!.items[0]!.blob.blob)).toBe(true)
  door.until = 0 // offline it opens again
  expect((await other.open(handed[0]!.items[0]!)).length).toBe(photograph.content.length)
})

it("survives a reload in the middle, and does not send twice what arrived", async () => {
  door.until = 2 // begin, one part, then the network is gone
  const library = await aLibrary()
  await library.send(CHANNEL, [aPhotograph()], REST)
  await vi.waitFor(() => expect(door.until).toBeLessThan(0))
  expect(library.departures.in(CHANNEL)).toHaveLength(1)
  expect(library.departures.progress(library.departures.in(CHANNEL)[0]!)).toBeGreaterThan(0.3)
  library.close()

  door.until = Infinity
  const again = await aLibrary()
  expect(again.departures.in(CHANNEL)).toHaveLength(1)
  again.departures.send()
  await vi.waitFor(() => expect(handed).toHaveLength(1))
  expect(door.puts).toBe(3)
})

it("does not upload what was given up, and keeps nothing of it", async () => {
  door.until = 0
  const library = await aLibrary()
  const envelope = await library.send(CHANNEL, [aPhotograph(1000)], REST)
  expect(library.shelf.bytes).toBe(storedSize(1000))
  expect(await library.departures.discard(envelope)).toBe(true)
  expect(library.shelf.bytes).toBe(0)
  door.until = Infinity
  library.departures.send()
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(handed).toEqual([])
})

it("says why a message cannot leave, and tries again when asked", async () => {
  const library = await aLibrary()
  const refusing = { fetch: () => Promise.resolve(Response.json({ error: { code: "blob_too_large" } }, { status: 400 })) }
  const http = new Http({ origin: "https://lien.example", ...refusing }, SIGNER)
  const refused = new Library(http, store, Date.now, () => Promise.resolve(), NO_MESSAGES, null)
  libraries.push(refused)
  const envelope = await refused.send(CHANNEL, [aPhotograph(10)], REST)
  await vi.waitFor(() => expect(refused.departures.in(CHANNEL)[0]?.failure).toBe("blob_too_large"))
  await library.load()
  expect(await library.departures.retry(envelope)).toBe(true)
  await vi.waitFor(() => expect(handed).toHaveLength(1))
})

it("opens nothing else in its place", async () => {
  const library = await aLibrary()
  await library.send(CHANNEL, [aPhotograph(1000), aPhotograph(1000)], REST)
  await vi.waitFor(() => expect(handed).toHaveLength(1))
  const [one, other] = handed[0]!.items
  const swapped = { ...one!, blob: { ...one!.blob, hash: other!.blob.hash.map((byte) => byte ^ 1) } }
  await expect(library.open(swapped)).rejects.toMatchObject({ code: "bad_blob" })
})

it("keeps fetched blobs within its bound, the longest unseen going first, and never what waits", async () => {
  let now = 0
  const shelf = new Shelf(store, () => ++now, 3000)
  const [waiting, old, seen, newest] = ["A", "B", "C", "D"].map((letter) => letter.repeat(22) as BlobId)
  await shelf.keep(waiting!, 900, true)
  await shelf.keep(old!, 900, false)
  await shelf.keep(seen!, 900, false)
  await shelf.touch(old!)
  await shelf.keep(newest!, 900, false)
  expect([waiting, old, seen, newest].map((blob) => shelf.has(blob!))).toEqual([true, true, false, true])
})
