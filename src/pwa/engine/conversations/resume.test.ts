import { decode, encode } from "@msgpack/msgpack"
import "fake-indexeddb/auto"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { ChannelId } from "../../bridge/models.js"
import { newAccount, newDevice, newGroup } from "../ids.js"
import { Link, type LinkOwner, type Socket } from "../link.js"
import { Locker } from "../store/locker.js"
import { Book } from "./book.js"
import { Resumption } from "./resume.js"

const CHANNEL = newGroup()
const RESUME = 3

/** The browser's socket, with the test as the server. */
class Wire implements Socket {
  binaryType = ""
  onmessage: Socket["onmessage"] = null
  onclose: Socket["onclose"] = null
  readonly sent: unknown[][] = []
  close = (): void => undefined
  send = (data: Uint8Array): void => void this.sent.push(decode(data) as unknown[])
  says = (...frame: readonly unknown[]): void => this.onmessage?.({ data: encode(frame).slice().buffer })
  resumes = (): readonly unknown[][] => this.sent.filter(([kind]) => kind === RESUME)
}

const owner: LinkOwner = {
  session: () => "s",
  prove: () => Promise.resolve(new Uint8Array(64)),
  isSessionOver: () => Promise.resolve(false),
  onWelcome: () => undefined,
  onPush: () => undefined,
  onState: () => undefined,
  onSessionOver: () => undefined,
  onStop: () => undefined,
}

let wire: Wire
let link: Link
let resumption: Resumption
let atHead: ChannelId[]

beforeEach(async () => {
  const locker = await Locker.find(crypto.randomUUID(), () => undefined)
  const book = new Book(await locker.make(() => Promise.resolve([])))
  vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] })
  link = new Link({ openSocket: () => (wire = new Wire()), random: () => 0, client: "test" }, owner)
  atHead = []
  resumption = new Resumption(link, book, () => Promise.resolve(), (channel) => void atHead.push(channel))
  link.start()
  wire.says(96, 0, new Uint8Array(32), 1000)
  await vi.advanceTimersByTimeAsync(0)
  wire.says(65, 1, newAccount(), newDevice(), 1000, 9000)
  await vi.advanceTimersByTimeAsync(0)
})
afterEach(() => {
  link.stop()
  vi.useRealTimers()
})

const refOf = (index: number): unknown => wire.resumes()[index]?.[1]

it("asks again for what the server could not read just now", async () => {
  resumption.want([CHANNEL])
  await vi.advanceTimersByTimeAsync(0)
  wire.says(68, refOf(0), "store_unavailable", 0)
  await vi.advanceTimersByTimeAsync(4_000)
  expect(wire.resumes()).toHaveLength(2)
  wire.says(67, refOf(1), [[CHANNEL, 1, 0, 0]])
  await vi.advanceTimersByTimeAsync(0)
  expect(atHead).toEqual([CHANNEL])
})

it("asks for what is wanted at whichever moment of the end of a round", async () => {
  for (let turns = 0; turns < 12; turns++) {
    const other = newGroup()
    resumption.want([CHANNEL])
    await vi.advanceTimersByTimeAsync(0)
    wire.says(67, refOf(wire.resumes().length - 1), [[CHANNEL, 1, 0, 0]])
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    resumption.want([other])
    await vi.advanceTimersByTimeAsync(0)
    expect(wire.resumes().at(-1)?.[2]).toEqual([[other, 0, 0]])
    wire.says(67, refOf(wire.resumes().length - 1), [])
    await vi.advanceTimersByTimeAsync(0)
  }
})
