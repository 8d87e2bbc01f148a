import { expect, it } from "vitest"
import type { PatientIdentity } from "../../bridge/documents.js"
import { foldersOf, type Received } from "./folders.js"
import { areTwoPeople, coreOf, hasNumber, isMatricule, normalize } from "./identity.js"
import { anIdentity, receivedOf } from "./testing.js"
import { decide, latest, patientsOf } from "./together.js"

/** A small deterministic generator (mulberry32), so that a failure can be run again. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const NUMBERS = ["2790351215189" + "89", "1840775019258" + "77", "279035121518900", ""]

/** Few values of each trait, so that everything meets everything. */
function someReceived(seed: number): readonly Received[] {
  const random = randomOf(seed)
  const pick = <T,>(values: readonly [T, ...T[]]): T => values[Math.floor(random() * values.length)] ?? values[0]
  return Array.from({ length: 2 + Math.floor(random() * 14) }, (_, index): Received => {
    const matricule = pick(["279035121518989", ...NUMBERS])
    const identity: PatientIdentity = {
      oid: matricule === "" ? "" : pick(["1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"]),
      matricule,
      status: matricule === "" ? "ins_absent" : pick(["qualified", "qualified", "unqualified", "ambiguous", "matricule_invalid"]),
      birthName: pick(["PAYET FICTIF", "Payet-Fictif", "HOARAU FICTIF"]),
      birthGivenNames: pick(["", "JEANNE", "JEANNE MARIE", "JEAN"]),
      firstGivenName: pick(["Jeanne", "JEANNE", "JEAN"]),
      sex: pick(["F", "M"]),
      birthDate: pick(["1979-03-12", "1979-03-12", "1979-03-13"]),
      birthPlace: pick(["", "97411", "97410"]),
      usedName: "",
      usedGivenName: "",
      localIds: pick([[], [{ root: "1.2.3", value: "7" }], [{ root: "1.2.3", value: "8" }]]),
    }
    return { document: `document ${index}`, identity, issuer: pick(["CHU", "PTA"]) }
  })
}

const SEEDS = Array.from({ length: 150 }, (_, seed) => seed)

it("never puts two numbers, or contradicting traits, into one folder", () => {
  for (const seed of SEEDS) {
    const all = someReceived(seed)
    const byDocument = new Map(all.map((one) => [one.document, one]))
    for (const folder of foldersOf(all)) {
      const members = folder.documents.map((name) => byDocument.get(name)!)
      for (const one of members) {
        for (const other of members) {
          const [a, b] = [one.identity, other.identity]
          expect(coreOf(a), `seed ${seed}`).toBe(coreOf(b))
          expect(a.matricule, `seed ${seed}`).toBe(b.matricule)
          expect(hasNumber(a), `seed ${seed}`).toBe(hasNumber(b))
          expect(areTwoPeople(a, b)).toBe(false)
          if (a.birthPlace !== "" && b.birthPlace !== "") expect(a.birthPlace, `seed ${seed}`).toBe(b.birthPlace)
          if (a.matricule === "" && a.localIds.length === 0) expect(one.issuer).toBe(other.issuer)
        }
      }
    }
  }
})

it("files every document once, and the same way in whatever order they came", () => {
  for (const seed of SEEDS) {
    const all = someReceived(seed)
    const described = (received: readonly Received[]) =>
      foldersOf(received)
        .map((folder) => ({ ...folder, documents: [...folder.documents].sort(), doubts: [...folder.doubts].sort() }))
        .sort((one, other) => (one.key < other.key ? -1 : 1))
    const random = randomOf(seed + 1_000_000)
    const shuffled = all.map((one) => [random(), one] as const).sort(([one], [other]) => one - other).map(([, one]) => one)
    expect(described(shuffled), `seed ${seed}`).toEqual(described(all))
    const filed = foldersOf(all).flatMap(({ documents }) => documents)
    expect(filed.toSorted(), `seed ${seed}`).toEqual(all.map(({ document }) => document).toSorted())
  }
})

it("marks both whenever one number came with two readings, or names meet", () => {
  for (const seed of SEEDS) {
    const folders = foldersOf(someReceived(seed))
    for (const one of folders) {
      for (const other of folders) {
        if (one === other || !hasNumber(one.identity) || !hasNumber(other.identity)) continue
        const isSameNumber = one.identity.oid === other.identity.oid && one.identity.matricule === other.identity.matricule
        if (isSameNumber) expect(one.doubts, `seed ${seed}`).toContain("other-traits")
        if (isSameNumber) expect(one.candidates).toContain(other.key)
      }
      for (const key of one.lookalikes) expect(folders.find((other) => other.key === key)?.lookalikes).toContain(one.key)
      for (const key of one.candidates) expect(folders.find((other) => other.key === key)?.candidates).toContain(one.key)
    }
  }
})

it("reads names as the national service compares them", () => {
  expect(normalize("d’Étienne-Hoareau")).toBe("D ETIENNE HOAREAU")
  expect(normalize("LEBŒUF")).toBe("LEBOEUF")
})

it("knows the key of a number, Corsica included", () => {
  for (const good of ["279035121518989", "184077501925877", "184072A07501951", "184072B07501978", "185039741102565"]) {
    expect(isMatricule(good), good).toBe(true)
  }
  for (const bad of ["221042545611404", "279035121518988", "27903512151898", "279135121518989", ""]) {
    expect(isMatricule(bad), bad).toBe(false)
  }
})

it("one patient of two senders who write the same name differently is one folder", () => {
  const folders = foldersOf([
    receivedOf("a", anIdentity({ birthName: "PAYET-FICTIF", birthGivenNames: "JEANNE MARIE" })),
    receivedOf("b", anIdentity({ birthName: "Payet Fictif", birthGivenNames: "", birthPlace: "" }), "PTA"),
  ])
  expect(folders).toHaveLength(1)
  expect(folders[0]).toMatchObject({ documents: ["a", "b"], doubts: [] })
})

it("the same number with another birth date stands apart, marked on both sides, and may be declared the same", () => {
  const folders = foldersOf([receivedOf("a", anIdentity()), receivedOf("b", anIdentity({ birthDate: "1951-03-21" }))])
  expect(folders.map(({ doubts }) => doubts)).toEqual([["other-traits", "namesake"], ["other-traits", "namesake"]])
  expect(folders[0]?.candidates).toEqual([folders[1]?.key])
})

it("twins are two patients, and each page says so", () => {
  const folders = foldersOf([
    receivedOf("a", anIdentity()),
    receivedOf("b", anIdentity({ matricule: "185039741102565", firstGivenName: "LUCIE", birthGivenNames: "LUCIE" })),
  ])
  expect(folders.map(({ doubts }) => doubts)).toEqual([["twin"], ["twin"]])
  expect(folders[0]?.candidates).toEqual([])
})

it("namesakes born on two days are two patients, and two good numbers are never offered as one", () => {
  const other = { matricule: "185039741102565" }
  const namesakes = foldersOf([receivedOf("a", anIdentity()), receivedOf("b", anIdentity({ ...other, birthDate: "1960-01-01" }))])
  expect(namesakes.map(({ doubts }) => doubts)).toEqual([["namesake"], ["namesake"]])
  const alike = foldersOf([receivedOf("a", anIdentity()), receivedOf("b", anIdentity(other))])
  expect(alike.map(({ doubts, candidates }) => [doubts, candidates])).toEqual([[["namesake"], []], [["namesake"], []]])
})

it("without a good number the sender's own number files it, marked; without any, its traits for one structure", () => {
  const nobody = { oid: "", matricule: "", status: "ins_absent" as const }
  const local = anIdentity({ ...nobody, localIds: [{ root: "1.2.3", value: "7" }] })
  const folders = foldersOf([
    receivedOf("known", anIdentity()),
    receivedOf("local", local),
    receivedOf("again", local),
    receivedOf("bare", anIdentity(nobody), "CHU"),
    receivedOf("elsewhere", anIdentity(nobody), "PTA"),
  ])
  expect(folders.map(({ documents }) => documents)).toEqual([["known"], ["local", "again"], ["bare"], ["elsewhere"]])
  expect(folders.map(({ doubts }) => doubts)).toEqual([
    ["perhaps-same"],
    ["no-number", "perhaps-same"],
    ["no-number", "traits-only", "perhaps-same"],
    ["no-number", "traits-only", "perhaps-same"],
  ])
})

it("a number whose key is wrong files nothing together with a good one", () => {
  const folders = foldersOf([
    receivedOf("a", anIdentity()),
    receivedOf("b", anIdentity({ matricule: "279035121518900", status: "matricule_invalid" })),
    // The sender's word alone is not believed.
    receivedOf("c", anIdentity({ matricule: "279035121518901", status: "qualified" })),
  ])
  expect(folders).toHaveLength(3)
  expect(folders[1]?.doubts).toContain("bad-number")
  expect(folders[2]?.doubts).toContain("bad-number")
})

it("what a person put together is one patient until they undo it, on whatever device they said it", () => {
  const folders = foldersOf([
    receivedOf("a", anIdentity()),
    receivedOf("b", anIdentity({ birthDate: "1951-03-21" })),
    receivedOf("c", anIdentity({ birthDate: "1951-12-03" })),
  ])
  const [a = "", b = "", c = ""] = folders.map(({ key }) => key)
  const same = [decide(b, a, true, 1), decide(b, c, true, 2)]
  expect(patientsOf(folders, same).map(({ folders: parts }) => parts.length)).toEqual([3])
  expect(patientsOf(folders, same.toReversed()).map(({ key }) => key)).toEqual(patientsOf(folders, same).map(({ key }) => key))
  const undone = latest(same[0], decide(a, b, false, 3))
  expect(patientsOf(folders, [undone, same[1]!]).map(({ folders: parts }) => parts.length).toSorted()).toEqual([1, 2])
  // Two devices at the same instant: the careful word counts, whichever came first.
  expect(latest(decide(a, b, false, 5), decide(a, b, true, 5)).isSame).toBe(false)
  expect(latest(decide(a, b, true, 5), decide(a, b, false, 5)).isSame).toBe(false)
  expect(patientsOf(folders, [])).toHaveLength(3)
})
