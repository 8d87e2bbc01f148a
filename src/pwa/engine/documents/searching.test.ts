import { expect, it } from "vitest"
import { dayOf, documentWords, isWithin, matches, patientWords, tokensOf } from "./searching.js"
import { aDelivery, anIdentity } from "./testing.js"

const words = [...patientWords(anIdentity({ birthName: "PAYET-FICTIF", usedName: "HOARAU FICTIF" })), ...documentWords(aDelivery("x").content)]
const found = (query: string) => matches(words, tokensOf(query))

it.each([
  ["payet", true],
  ["Hoar jeanne", true],
  ["fictif payet", true],
  ["JÉANNE", true],
  ["12/03/1951", true],
  ["12031951", true],
  ["120351", true],
  ["1951", true],
  ["thorax", true],
  ["radio payet", true],
  ["chu", true],
  ["ayet", false],
  ["payet jean-paul", false],
  ["12/04/1951", false],
  ["", true],
])("%s: %s", (query, isFound) => {
  expect(found(query)).toBe(isFound)
})

it("keeps to a period, as precisely as the date was said", () => {
  expect(isWithin(dayOf("2026-11-23T14:05:00+04:00", 0), "2026-11-23")).toBe(true)
  expect(isWithin(dayOf("2026-11-22", 0), "2026-11-23")).toBe(false)
  expect(isWithin(dayOf("2026", 0), "2026-11-23")).toBe(true)
  expect(isWithin(dayOf("", Date.UTC(2026, 10, 20)), "2026-11-23")).toBe(false)
  expect(isWithin(dayOf("", 0), null)).toBe(true)
})
