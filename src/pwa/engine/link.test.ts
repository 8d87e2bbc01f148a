import { decode, encode } from "@msgpack/msgpack"
import { afterEach, beforeEach, expect, it, vi } from "vitest"
import type { LinkState } from "../bridge/models.js"
import type { Push } from "../protocol/frames.js"
import { newAccount, newDevice, newGroup } from "./ids.js"
import { Link, type LinkOwner, type Socket } from "./link.js"

/** The browser's side of a socket, played by the test as the server. */
class Wire implements Socket {
  binaryType = ""
  onmessage: Socket["onmessage"] = null
  onclose: Socket["onclose"] = null
  readonly sent: unknown[][] = []
  isClosed = false

  send(data: Uint8Array): void {
    this.sent.push(decode(data) as unknown[])
  }

  close(): void {
    this.isClosed = true
  }

  says(...frame: readonly unknown[]): void {
    this.onmessage?.({ data: encode(frame).slice().buffer })
  }

  ends(code: number, reason = ""): void {
    this.onclose?.({ code, reason })
  }
}

class Owner implements LinkOwner {
  readonly told: string[] = []
  readonly pushes: Push[] = []
  state: LinkState = "offline"
  over = false
  current: string | null = "first"
  session = (): string | null => this.current
  prove = (): Promise<Uint8Array | null> => Promise.resolve(new Uint8Array(64))
  isSessionOver = (): Promise<boolean> => Promise.resolve(this.over)

  onWelcome(): void {
    this.told.push("welcome")
  }
  onPush(push: Push): void {
    this.pushes.push(push)
  }
  onState(state: LinkState): void {
    this.state = state
  }
  onSessionOver(): void {
    this.told.push("over")
  }
  onStop(reason: "revoked" | "upgrade"): void {
    this.told.push(reason)
  }
}

const CHANNEL = newGroup()
let wires: Wire[]
let owner: Owner
let link: Link

beforeEach(() => {
  vi.useFakeTimers()
  wires = []
  owner = new Owner()
  link = new Link({ openSocket: () => wires[wires.push(new Wire()) - 1]!, random: () => 0.5, client: "test" }, owner)
})
afterEach(() => {
  link.stop()
  vi.useRealTimers()
})

const last = (): Wire => wires.at(-1)!

async function open(): Promise<Wire> {
  const wire = last()
  wire.says(96, 0, new Uint8Array(32), 1000)
  await vi.advanceTimersByTimeAsync(0)
  wire.says(65, 1, newAccount(), newDevice(), 1000, 9000)
  await vi.advanceTimersByTimeAsync(0)
  return wire
}

it("answers the challenge with a proof, and is online after the welcome", async () => {
  link.start()
  expect(owner.state).toBe("connecting")
  const wire = await open()
  expect(wire.sent).toEqual([[1, 1, new Uint8Array(64), "test"]])
  expect(owner.told).toEqual(["welcome"])
  expect(owner.state).toBe("online")
})

it("gives each command its own answer", async () => {
  link.start()
  const wire = await open()
  const sent = link.ask({ kind: "Send", header: Uint8Array.of(1), sealed: Uint8Array.of(2) })
  const refused = link.ask({ kind: "Typing", channel: CHANNEL })
  wire.says(68, 3, "too_many", 700)
  wire.says(66, 2, 1, 9, 1234)
  await expect(sent).resolves.toMatchObject({ offset: 9, atMs: 1234 })
  await expect(refused).rejects.toMatchObject({ code: "too_many", retryAfterMs: 700 })
})

it("never sends beside a Resume, nor more than the server reads", async () => {
  link.start()
  const wire = await open()
  const resumed = link.ask({ kind: "Resume", cursors: [] })
  for (let count = 0; count < 40; count++) link.ask({ kind: "Typing", channel: CHANNEL }).catch(() => undefined)
  expect(wire.sent.slice(1).map(([type]) => type)).toEqual([3])
  wire.says(67, 2, [])
  await resumed
  expect(wire.sent.length).toBe(2 + 32)
  wire.says(64, 3)
  expect(wire.sent.length).toBe(2 + 33)
})

it("comes back when the server said, and a random moment later", async () => {
  link.start()
  const wire = await open()
  wire.ends(4004, "7000")
  await vi.advanceTimersByTimeAsync(7999)
  expect(wires.length).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(wires.length).toBe(2)
})

it("refuses what was not answered when the connection ends, and reconnects with growing waits", async () => {
  link.start()
  const wire = await open()
  const lost = link.ask({ kind: "Ping" })
  wire.ends(1006)
  await expect(lost).rejects.toMatchObject({ code: "offline" })
  expect(owner.state).toBe("connecting")
  await expect(link.ask({ kind: "Ping" })).rejects.toMatchObject({ code: "offline" })
  for (const wait of [1000, 2000, 4000]) {
    const before = wires.length
    await vi.advanceTimersByTimeAsync(wait - 1)
    expect(wires.length).toBe(before)
    await vi.advanceTimersByTimeAsync(1)
    expect(wires.length).toBe(before + 1)
    last().ends(1006)
    await vi.advanceTimersByTimeAsync(0)
  }
  expect(owner.state).toBe("offline")
})

it.each([
  [4001, [], 2],
  [4100, ["over"], 1],
  [4199, ["over"], 1],
  [4200, ["revoked"], 1],
  [4202, ["upgrade"], 1],
])("obeys close code %i", async (code, told, sockets) => {
  link.start()
  ;(await open()).ends(code)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(owner.told.slice(1)).toEqual(told)
  expect(Math.min(wires.length, 2)).toBe(sockets)
})

it("belongs to the session that began while the socket of the last one was being opened", async () => {
  link.start()
  owner.current = "second"
  last().says(96, 0, new Uint8Array(32), 1000)
  await vi.advanceTimersByTimeAsync(0)
  expect(wires.length).toBe(2)
  expect(wires[0]!.sent).toEqual([]) // no proof of one session on the socket of another
  await open()
  expect(owner.told).toEqual(["welcome"])
})

it("does not end a new session because the one before it ended", async () => {
  link.start()
  const wire = await open()
  owner.current = "second"
  wire.ends(4100)
  await vi.advanceTimersByTimeAsync(0)
  await open()
  expect(owner.told).toEqual(["welcome", "welcome"])
})

it("asks whether the session is over when the server refuses without a word", async () => {
  link.start()
  owner.over = true
  last().ends(1006)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(owner.told).toEqual(["over"])
  expect(wires.length).toBe(1)
})

it("asks a silent server for a sign of life, and gives up on a dead connection", async () => {
  link.start()
  const wire = await open()
  await vi.advanceTimersByTimeAsync(40_000)
  expect(wire.sent.at(-1)?.[0]).toBe(6)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(wire.isClosed).toBe(true)
  expect(wires.length).toBeGreaterThan(1)
})

it("leaves a worker that stops, within the time it gives", async () => {
  link.start()
  const wire = await open()
  wire.says(103, 0, 1000)
  await vi.advanceTimersByTimeAsync(1000)
  expect(wire.isClosed).toBe(true)
  expect(wires.length).toBe(2)
})

it("believes nothing after a broken frame", async () => {
  link.start()
  const wire = await open()
  wire.says(97, 0, "nonsense")
  wire.says(99, 0, CHANNEL, newAccount())
  expect(owner.pushes).toEqual([])
  expect(wire.isClosed).toBe(true)
})

it("does not wait when the network or the person comes back", async () => {
  link.start()
  last().ends(1006)
  await vi.advanceTimersByTimeAsync(0)
  link.hurry()
  expect(wires.length).toBe(2)
  link.hurry()
  expect(wires.length).toBe(2) // one is under way
})
