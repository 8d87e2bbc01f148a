import "fake-indexeddb/auto"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { SearchFilter } from "../../bridge/search.js"
import { Book } from "../conversations/book.js"
import { movedTo, newChannel } from "../conversations/channel.js"
import { messageName, type StoredMessage } from "../conversations/message.js"
import { newAccount, newDevice, newEnvelope, newGroup } from "../ids.js"
import { Locker } from "../store/locker.js"
import type { Store } from "../store/store.js"
import { Search } from "./search.js"
import type { Entry } from "./searchIndex.js"
import { Segments, WHOLE } from "./segments.js"

const [WARD, HOME, BEN, DEVICE] = [newGroup(), newGroup(), newAccount(), newDevice()]
const EVERYTHING: SearchFilter = { channels: null, author: null, kind: null, fromMs: null, toMs: null }
const A_DOCUMENT = { kind: "document", said: { type: "document", title: "Consultation de cardiologie", family: "rcp", authors: [], structure: "", date: "" } } as unknown as StoredMessage["content"]
let store: Store
let search: Search
let book: Book
let keptSinceMs = 0

function aMessage(channel: typeof WARD, offset: number, text: string): StoredMessage {
  const envelope = newEnvelope()
  return { name: messageName(channel, DEVICE, envelope), channel, envelope, author: BEN, device: DEVICE, offset, place: offset, sentAtMs: offset, content: { kind: "text", text }, original: null }
}

/** As after a lock: another search on the same store. */
async function opened(): Promise<void> {
  search.close()
  book = new Book(store)
  await book.load()
  search = new Search(store, book, () => keptSinceMs)
  search.start()
}

/** The log goes on, as the sync writes it. `isTold`: the index hears of it. */
async function stored(messages: readonly StoredMessage[], isTold = true): Promise<void> {
  for (const message of messages) {
    const { channel, offset, name, place } = message
    const state = movedTo(book.get(channel), 1, Math.max(book.get(channel).offset, offset ?? 0))
    await book.commit({ ...newChannel(channel), ...state }, [await store.putMessage(channel, name, place, message)])
    if (isTold) search.put(channel, [message], [], state.offset)
  }
}

async function found(query: string): Promise<readonly string[]> {
  await expect.poll(async () => (await search.find(query, EVERYTHING)).isComplete, { timeout: 30_000 }).toBe(true)
  return (await search.find(query, EVERYTHING)).hits.map(({ text }) => text)
}

/** What the store holds of the index. */
const rows = async (): Promise<number> => (await store.all("search")).length

beforeEach(async () => {
  const locker = await Locker.find(crypto.randomUUID(), () => undefined)
  store = await locker.make(() => Promise.resolve([]))
  keptSinceMs = 0
  book = new Book(store)
  search = new Search(store, book, () => keptSinceMs)
  search.start()
  await stored([aMessage(WARD, 1, "un pansement"), aMessage(WARD, 2, "deux pansements"), aMessage(HOME, 1, "chute")])
})
afterEach(() => search.close())

it("writes nothing down until something is sought", async () => {
  await search.flush()
  expect(await rows()).toBe(0)
  expect(await found("pansement")).toEqual(["deux pansements", "un pansement"])
  expect(await rows()).toBeGreaterThan(0)
})

it("is there again after a lock, without reading any message", async () => {
  await found("pansement")
  await opened()
  const unread = vi.spyOn(store, "messagesBelow")
  expect(await found("chute")).toEqual(["chute"])
  expect(unread).not.toHaveBeenCalled()
})

it("is made again after an update that finds more", async () => {
  await found("pansement")
  // An index of before shared documents were found: it says that it holds the whole of every log.
  const { first, next } = (await store.get<{ first: number; next: number }>("search", "search:head"))!
  await store.write([await store.put("search", "search:head", { first, next })])
  await stored([{ ...aMessage(WARD, 3, ""), content: A_DOCUMENT }], false)
  await opened()

  expect(await found("cardiologie")).toEqual(["Consultation de cardiologie"])
  expect((await found("pansement")).length).toBe(2)
  expect((await store.get<{ first: number }>("search", "search:head"))?.first).toBe(next)
})

it("follows what comes before it is sought again", async () => {
  await found("chute")
  await opened()
  const more = aMessage(HOME, 2, "chute au lit 4")
  await stored([more])
  await search.flush()
  await opened()
  await stored([{ ...more, content: { kind: "text", text: "scanner" } }])
  await search.flush()
  await opened()
  expect(await found("chute")).toEqual(["chute"])
  expect(await found("scanner")).toEqual(["scanner"])
})

it("reads what it missed when the device was closed too soon", async () => {
  await found("chute")
  await stored([aMessage(HOME, 2, "chute perdue")], false)
  await opened()
  expect(await found("chute")).toEqual(["chute perdue", "chute"])
  // Something was said about an older message, of which only the log's end tells.
  const [first] = await store.messages<StoredMessage>(WARD, 1, 1)
  if (first === undefined) throw new Error("no message")
  await store.write([await store.putMessage(WARD, first.name, 1, { ...first, content: { kind: "text", text: "corrigé" } })])
  await book.commit(movedTo(book.get(WARD), 1, 3))
  await opened()
  expect(await found("corr")).toEqual(["corrigé"])
  expect(await found("pansement")).toEqual(["deux pansements"])
})

it("forgets what has run out, also at rest", async () => {
  await found("chute")
  keptSinceMs = 2
  await opened()
  expect(await found("pansement")).toEqual(["deux pansements"])
  expect(await found("chute")).toEqual([])
})

it("reads a channel again whose log was rebuilt", async () => {
  await found("chute")
  await store.write(await store.removeMessages((await store.messages<StoredMessage>(WARD, 0, 9)).map(({ name }) => name)))
  await search.readAgain(WARD)
  expect(await found("pansement")).toEqual([])
  await opened()
  expect(await found("pansement")).toEqual([])
  expect(await found("chute")).toEqual(["chute"])
})

it("answers among 50,000 messages, first from the disk, then from memory", async () => {
  const [words, segments, total] = ["lit pansement plaie propre fièvre douleur hanche scanner ordonnance visite matin soir".split(" "), new Segments(store), 50_000]
  const entry = (number: number): Entry => {
    const text = Array.from({ length: 14 }, (_, at) => words[(number * 7 + at * 5) % words.length]).join(" ")
    return { name: messageName(WARD, DEVICE, newEnvelope()), channel: WARD, author: BEN, atMs: number, kind: "text", text: `${text} n${number}` }
  }
  search.close() // one writer at a time
  for (let first = 0; first < total; first += 500) {
    const reaches = first + 500 < total ? [] : [{ channel: WARD, from: WHOLE, to: 2, since: 0 }]
    await segments.append({ entries: Array.from({ length: 500 }, (_, index) => entry(first + index)), removed: [], reaches })
  }
  await opened()
  const timed = async (query: string): Promise<string> => {
    const startMs = performance.now()
    const { hits } = await search.find(query, EVERYTHING)
    return `${(performance.now() - startMs).toFixed(0)} ms (${hits.length})`
  }
  const cold = await timed("pans")
  const startMs = performance.now()
  expect(await found("n4321")).toHaveLength(11)
  const whole = `${(performance.now() - startMs).toFixed(0)} ms`
  process.stdout.write(`50,000 messages: first results after unlock ${cold}, whole index ${whole}, then ${await timed("pans lit")}, nothing found ${await timed("zzz")}\n`)
})
