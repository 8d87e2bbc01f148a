import type { SearchFilter } from "../../bridge/search.js"
import { expect, it } from "vitest"
import { newAccount, newGroup } from "../ids.js"
import { SearchIndex } from "./searchIndex.js"

const EVERYTHING: SearchFilter = { channels: null, author: null, kind: null, fromMs: null, toMs: null }
const [ANNE, BEN, WARD, HOME] = [newAccount(), newAccount(), newGroup(), newGroup()]

function anIndex(): SearchIndex {
  const index = new SearchIndex()
  index.put({ name: "a", channel: WARD, author: ANNE, atMs: 1, kind: "text", text: "Pansement refait, plaie propre." })
  index.put({ name: "b", channel: WARD, author: BEN, atMs: 2, kind: "text", text: "Hélène : Œdème de la cheville" })
  index.put({ name: "c", channel: HOME, author: ANNE, atMs: 3, kind: "photo", text: "L'escarre du talon" })
  return index
}

const found = (query: string, filter: Partial<SearchFilter> = {}) =>
  anIndex()
    .find(query, { ...EVERYTHING, ...filter }, 10)
    .map(({ name }) => name)

it("finds beginnings of words, without accents, in any order", () => {
  expect(["panse", "PROPRE plaie", "helene", "oedeme", "œdème", "escarre", "ansement", "plaie talon", " ", "…"].map((query) => found(query))).toEqual([
    ["a"],
    ["a"],
    ["b"],
    ["b"],
    ["b"],
    ["c"],
    [],
    [],
    [],
    [],
  ])
})

it("filters by conversation, person, kind and period, the newest first", () => {
  expect(found("p", { channels: [HOME] })).toEqual([])
  expect(found("l")).toEqual(["c", "b"])
  expect(found("l", { author: BEN })).toEqual(["b"])
  expect(found("l", { kind: "photo" })).toEqual(["c"])
  expect(found("l", { fromMs: 3, toMs: 4 })).toEqual(["c"])
})

it("follows changes and withdrawals", () => {
  const index = anIndex()
  index.put({ name: "a", channel: WARD, author: ANNE, atMs: 1, kind: "text", text: "Rien" })
  index.remove("b")
  expect(index.find("plaie", EVERYTHING, 10)).toEqual([])
  expect(index.find("helene", EVERYTHING, 10)).toEqual([])
  expect(index.find("rien", EVERYTHING, 10)).toHaveLength(1)
})
