import { describe, expect, test } from "vitest"
import { afterClose, closeCodes } from "./codes.js"
import { BadFrame } from "./codec.js"
import { Connection } from "./connection.js"
import { limits } from "./limits.js"
import { write, type Value } from "./msgpack.js"

const ACCOUNT = "EBESExQVFhcYGRobHB0eHw"
const CHANNEL = "cAAECAwQFBgcICQoLDA0ODw"
const CHALLENGE = write([96, 0, new Uint8Array(32), 1])
const HELLO = { kind: "Hello", proof: new Uint8Array(64), client: "test" } as const
const SEND = { kind: "Send", header: new Uint8Array(1), sealed: new Uint8Array(1) } as const
const welcome = (ref: number) => write([65, ref, ACCOUNT, ACCOUNT, 1, 2])
const receive = (connection: Connection, ...values: Value[]) => connection.receive(write(values))

function anOpenConnection(): Connection {
  const connection = new Connection()
  connection.receive(CHALLENGE)
  connection.receive(welcome(connection.send(HELLO).ref))
  return connection
}

describe("the way to open", () => {
  test("challenge, hello, welcome", () => {
    const connection = new Connection()
    expect(connection.receive(CHALLENGE)).toMatchObject({ kind: "Challenge" })
    const { ref } = connection.send(HELLO)
    expect(connection.state).toBe("greeting")
    expect(connection.receive(welcome(ref))).toMatchObject({ kind: "Welcome", account: ACCOUNT })
    expect(connection.state).toBe("open")
  })

  test("nothing is sent before its time", () => {
    const connection = new Connection()
    expect(() => connection.send(HELLO)).toThrow(BadFrame)
    expect(() => connection.send({ kind: "Ping" })).toThrow(BadFrame)
    expect(() => anOpenConnection().send(HELLO)).toThrow(BadFrame)
  })

  test("a failed hello does not open", () => {
    const connection = new Connection()
    connection.receive(CHALLENGE)
    receive(connection, 68, connection.send(HELLO).ref, "not_signed_in", 0)
    expect(connection.state).toBe("greeting")
  })

  test.each([
    ["a second challenge", [96, 0, new Uint8Array(32), 1]],
    ["an answer to nothing", [64, 9]],
  ])("%s closes", (_, values) => {
    const connection = anOpenConnection()
    expect(receive(connection, ...(values as Value[]))).toBeNull()
    expect(connection.closeCode).toBe(closeCodes.badFrame)
    expect(connection.receive(CHALLENGE)).toBeNull()
  })

  test("a push before the welcome closes, a drain does not", () => {
    const connection = new Connection()
    expect(receive(connection, 103, 0, 5000)).toEqual({ kind: "Drain", withinMs: 5000 })
    expect(receive(connection, 99, 0, CHANNEL, ACCOUNT)).toBeNull()
  })
})

describe("commands under way", () => {
  test("thirty-two and no more", () => {
    const connection = anOpenConnection()
    const refs = Array.from({ length: limits.inFlight }, () => connection.send(SEND).ref)
    expect(connection.room).toBe(0)
    expect(() => connection.send(SEND)).toThrow(BadFrame)
    expect(receive(connection, 66, refs[0]!, 1, 1, 1)).toMatchObject({ kind: "Accepted" })
    expect(connection.room).toBe(1)
  })

  test("a resume goes alone", () => {
    const connection = anOpenConnection()
    const { ref } = connection.send({ kind: "Resume", cursors: [] })
    expect(connection.room).toBe(0)
    expect(connection.mayResume).toBe(false)
    expect(() => connection.send(SEND)).toThrow(BadFrame)
    receive(connection, 67, ref, [])
    expect(connection.mayResume).toBe(true)
    connection.send(SEND)
    expect(() => connection.send({ kind: "Resume", cursors: [] })).toThrow(BadFrame)
  })

  test("an answer of another kind closes", () => {
    const connection = anOpenConnection()
    const { ref } = connection.send(SEND)
    expect(receive(connection, 64, ref)).toBeNull()
    expect(connection.state).toBe("closed")
  })

  test("a failure is an answer", () => {
    const connection = anOpenConnection()
    const { ref } = connection.send(SEND)
    expect(receive(connection, 68, ref, "stale_epoch", 0)).toEqual({ kind: "Failed", ref, code: "stale_epoch", retryAfterMs: 0 })
    expect(connection.room).toBe(limits.inFlight)
  })

  test("the first reason to close stands", () => {
    const connection = anOpenConnection()
    connection.close(closeCodes.normal)
    connection.close(closeCodes.badFrame)
    expect(connection.closeCode).toBe(closeCodes.normal)
  })
})

test.each([
  [1006, "resume"],
  [4000, "resume"],
  [4101, "sign-in"],
  [4199, "sign-in"],
  [4200, "stop"],
  [4300, "resume"],
] as const)("after %i: %s", (code, instruction) => {
  expect(afterClose(code)).toBe(instruction)
})
