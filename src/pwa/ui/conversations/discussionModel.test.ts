import { expect, test } from "vitest"
import { account, anais, channel, discussion, jean, marie, message } from "../testing/people.js"
import { chooseRows, headerLine, kindLine, knownPeople, lastLine, listNames, noticeText, proofLine, titleOf } from "./discussionModel.js"

const me = marie.account
const nameOf = () => "Jean-Luc FICTIF-PAYET"

test("a direct discussion is called by its other end, a group by its name", () => {
  expect(titleOf(discussion(), me)).toBe("Jean-Luc FICTIF-PAYET")
  expect(titleOf(discussion({ isDirect: false, name: "Équipe diabète" }), me)).toBe("Équipe diabète")
  expect(titleOf(discussion({ members: [marie] }), me)).toBe("Discussion sans autre membre")
})

test("the header says profession, place and who verified", () => {
  expect(headerLine(discussion(), me)).toBe("Médecin, Cardiologie · Saint-Paul")
  expect(proofLine(discussion(), me)).toBe("vérifié par Pro Santé Connect")
  expect(proofLine(discussion({ suspended: "identity" }), me)).toBe("")
  const group = discussion({ isDirect: false, name: "Équipe", members: [marie, jean, anais] })
  expect(headerLine(group, me)).toBe("Jean-Luc, Anaïs et vous")
  expect(kindLine(group, me)).toBe("3 personnes")
})

test("long lists of names are counted", () => {
  expect(listNames(["A"])).toBe("A")
  expect(listNames(["A", "B", "C"])).toBe("A, B et C")
  expect(listNames(["A", "B", "C", "D"])).toBe("A, B et 2 autres")
})

test("the last line is on one line and says who spoke in a group", () => {
  const last = { author: jean.account, mine: false, text: "Bonjour\n\n à tous", content: "text", delivery: "sent" } as const
  expect(lastLine(discussion({ last }))).toBe("Bonjour à tous")
  expect(lastLine(discussion({ last, isDirect: false, name: "G" }))).toBe("Jean-Luc\u00a0: Bonjour à tous")
  expect(lastLine(discussion({ last: { ...last, author: me, mine: true } }))).toBe("Vous\u00a0: Bonjour à tous")
})

test("rows are the latest first, searched without accents, and filtered by unread", () => {
  const rows = [
    discussion({ channel: channel("old"), lastAtMs: 1 }),
    discussion({ channel: channel("new"), lastAtMs: 2, members: [marie, anais], unread: 1 }),
  ]
  const found = (filter: "all" | "unread", query: string) => chooseRows(rows, me, filter, query).map((row) => row.channel)
  expect(found("all", "")).toEqual(["new", "old"])
  expect(found("unread", "")).toEqual(["new"])
  expect(found("all", "anais grondin")).toEqual(["new"])
  expect(found("all", "cardio")).toEqual(["old"])
  expect(found("all", "marie")).toEqual([])
})

test("people already written to are named once", () => {
  const known = knownPeople([discussion(), discussion({ members: [marie, jean, anais] })], me)
  expect(known.map((person) => person.account)).toEqual([anais.account, jean.account])
})

test("notices tell what happened in words", () => {
  const added = message("m", { content: { kind: "members", added: [account("x")], removed: [] } })
  expect(noticeText(added, me, nameOf)).toBe("Jean-Luc FICTIF-PAYET a ajouté Jean-Luc FICTIF-PAYET.")
  expect(noticeText({ ...added, mine: true }, me, nameOf)).toBe("Vous avez ajouté Jean-Luc FICTIF-PAYET.")
  const left = message("l", { content: { kind: "members", added: [], removed: [jean.account] } })
  expect(noticeText(left, me, nameOf)).toBe("Jean-Luc FICTIF-PAYET a quitté la discussion.")
  const device = message("d", { content: { kind: "new-device", account: jean.account } })
  expect(noticeText(device, me, nameOf)).toBe("Jean-Luc FICTIF-PAYET utilise un nouvel appareil.")
})
