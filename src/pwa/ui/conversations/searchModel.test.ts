import { expect, test } from "vitest"
import { anais, channel, discussion, jean, marie } from "../testing/people.js"
import { dayStartMs, filterOf, looksForDocuments, nothingNarrowed, patientsOf, peopleFound } from "./searchModel.js"

const jeanne = { birthName: "Payet Fictif", firstName: "Jeanne", birthDate: "1951-03-12", sex: "F", usedName: "", oid: "", matricule: "" } as const
const direct = discussion({ channel: channel("direct") })
const ward = discussion({ channel: channel("ward"), isDirect: false, name: "Équipe", members: [marie, jean, anais], patient: jeanne })
const all = [direct, ward]

test("a day begins here, and the last day of a period is whole", () => {
  expect(dayStartMs("2026-11-23")).toBe(new Date(2026, 10, 23).getTime())
  expect(dayStartMs("")).toBeNull()
  const { fromMs, toMs } = filterOf({ ...nothingNarrowed, period: { from: "2026-11-23", to: "2026-11-23" } }, all)
  expect((toMs ?? 0) - (fromMs ?? 0)).toBe(86_400_000)
})

test("a patient stands for the discussions that are tied to them", () => {
  const [patient = ""] = patientsOf(all)
  expect(patient).toBe("PAYET FICTIF Jeanne, 12/03/1951, F")
  expect(filterOf({ ...nothingNarrowed, patient }, all).channels).toEqual(["ward"])
  expect(filterOf({ ...nothingNarrowed, patient, channel: direct.channel }, all).channels).toEqual([])
  expect(filterOf(nothingNarrowed, all).channels).toBeNull()
})

test("documents are looked for unless a filter speaks of messages only", () => {
  expect(looksForDocuments(nothingNarrowed)).toBe(true)
  expect(looksForDocuments({ ...nothingNarrowed, kind: "photo" })).toBe(false)
  expect(filterOf({ ...nothingNarrowed, kind: "document" }, all).kind).toBe("document")
})

test("people are found by the beginnings of their names, also in groups", () => {
  expect(peopleFound(all, marie.account, "anais gron")).toEqual([{ person: anais, channel: "ward" }])
  expect(peopleFound([ward], marie.account, "luc fic").map(({ person }) => person)).toEqual([jean])
  expect(peopleFound(all, marie.account, "luc fic")).toEqual([])
  expect(peopleFound(all, marie.account, "rondin")).toEqual([])
})
