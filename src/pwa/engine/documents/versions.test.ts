import { expect, it } from "vitest"
import { aDelivery } from "./testing.js"
import { chainsOf } from "./versions.js"
import type { Delivered } from "./delivery.js"

const described = (all: readonly Delivered[]) =>
  chainsOf(all)
    .map(({ current, history }) => [current, ...history].map(({ delivered, state }) => `${delivered.content.document} ${state}`))
    .sort()

/** Every order of a few things. */
function orders<Value>(values: readonly Value[]): readonly (readonly Value[])[] {
  if (values.length < 2) return [values]
  return values.flatMap((first, index) => orders(values.toSpliced(index, 1)).map((rest) => [first, ...rest]))
}

it("a replacement counts, and keeps what it replaced as history, in whatever order they came", () => {
  const versions = [
    aDelivery("one", { set: "set" }),
    aDelivery("two", { action: "replace", version: 2, replaces: ["one"] }),
    aDelivery("three", { action: "replace", version: 3, set: "set" }),
  ]
  for (const order of orders(versions)) expect(described(order)).toEqual([["three current", "two replaced", "one replaced"]])
})

it("versions are found by their set alone", () => {
  const versions = [aDelivery("one", { set: "set", version: 1 }), aDelivery("two", { set: "set", version: 2 }), aDelivery("else", { version: 9 })]
  for (const order of orders(versions)) expect(described(order)).toEqual([["else current"], ["two current", "one replaced"]])
})

it("what says it replaces counts, though its number is lower or unsaid", () => {
  const versions = [aDelivery("old", { version: 0 }), aDelivery("new", { action: "replace", version: 0, replaces: ["old"], date: "2020-01-01" })]
  for (const order of orders(versions)) expect(described(order)).toEqual([["new current", "old replaced"]])
})

it("a withdrawal hides the document it names, before or after it came, and brings no old version back", () => {
  const versions = [
    aDelivery("one", { set: "set", version: 1 }),
    aDelivery("two", { set: "set", version: 2 }),
    aDelivery("two", { action: "withdraw", set: "set", version: 2 }),
  ]
  for (const order of orders(versions)) expect(described(order)).toEqual([["two withdrawn", "one replaced"]])
  expect(described([aDelivery("never", { action: "withdraw" })])).toEqual([["never withdrawn"]])
})

it("only the sender of a document replaces it or takes it back; a second gateway of its structure is the same sender", () => {
  const mine = aDelivery("one")
  const foreign = { gateway: "g2", structure: "another" }
  expect(described([mine, aDelivery("one", { action: "withdraw" }, foreign)])).toEqual([["one current"], ["one withdrawn"]])
  expect(described([mine, aDelivery("two", { action: "replace", version: 2, replaces: ["one"] }, foreign)])).toEqual([["one current"], ["two current"]])
  expect(described([mine, aDelivery("one", { action: "withdraw" }, { gateway: "g2" })])).toEqual([["one withdrawn"]])
  const bare = (gateway: string) => ({ gateway, structure: "" })
  expect(described([aDelivery("one", {}, bare("g1")), aDelivery("one", { action: "withdraw" }, bare("g2"))])).toHaveLength(2)
})

it("two that replace each other are still one document", () => {
  const versions = [aDelivery("a", { replaces: ["b"] }), aDelivery("b", { replaces: ["a"] })]
  for (const order of orders(versions)) expect(described(order)).toEqual([["b current", "a replaced"]])
})
