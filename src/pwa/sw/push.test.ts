import { expect, test } from "vitest"
import { countIn, shownFor } from "./push.js"

test.each([
  ['{"v":1,"n":3}', 3],
  ['{"v":1,"n":1000}', 99],
  ['{"v":2,"n":3}', 0],
  ['{"v":1,"n":-3}', 0],
  ['{"v":1,"n":"3"}', 0],
  ['{"v":1,"n":1.5}', 0],
  ["null", 0],
  ["PAYET FICTIF", 0],
  ["", 0],
])("counts what waits in %s", (text, count) => {
  expect(countIn(text)).toBe(count)
})

test("says a number and nothing else", () => {
  expect(shownFor(3, "fr")).toEqual({ title: "Lien", body: "3 nouveaux messages" })
  expect(shownFor(1, "fr")).toEqual({ title: "Lien", body: "Nouveau message" })
  expect(shownFor(0, "en")).toEqual({ title: "Lien", body: "New message" })
})
