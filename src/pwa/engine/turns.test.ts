import { expect, it } from "vitest"
import { Turns } from "./turns.js"

it("runs tasks of one name one after the other, whatever becomes of them", async () => {
  const turns = new Turns()
  const told: string[] = []
  const slow = turns.run("a", async () => {
    await new Promise((resolve) => setTimeout(resolve, 5))
    told.push("first")
    throw new Error("failed")
  })
  const next = turns.run("a", () => Promise.resolve(told.push("second")))
  await turns.run("b", () => Promise.resolve(told.push("other")))

  await expect(slow).rejects.toThrow("failed")
  await next
  expect(told).toEqual(["other", "first", "second"])
})
