// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/preact"
import { afterEach, expect, test, vi } from "vitest"
import type { DocumentCard, DocumentRef, PatientId, PatientView as Patient, ShownIdentity } from "../../bridge/documents.js"
import { birthLine, dateOf, nameOf, shelvesIn, usedNameOf } from "./documentModel.js"
import { patientTitle } from "../conversations/patientModel.js"
import { NarrativeView } from "./NarrativeView.js"
import { PatientView } from "./PatientView.js"

const NOW_MS = Date.UTC(2026, 10, 27, 14)

const identity: ShownIdentity = {
  birthName: "Payet Fictif",
  firstGivenName: "JEANNE-MARIE",
  birthGivenNames: "JEANNE-MARIE",
  usedName: "Hoarau Fictif",
  usedGivenName: null,
  sex: "F",
  birthDate: "1951-03-12",
  birthPlace: "97411",
  number: { kind: "NIR", value: "279035121518989" },
}

const aCard = (changed: Partial<DocumentCard> = {}): DocumentCard => ({
  document: "d" as DocumentRef,
  patient: "p" as PatientId,
  family: "imaging",
  title: "Radiographie du thorax",
  date: "2026-11-23T14:05:00+04:00",
  receivedAtMs: NOW_MS,
  author: "Marie FICTIF-GRONDIN",
  structure: "CHU FICTIF",
  state: "new",
  version: 1,
  isReplacement: false,
  ...changed,
})

const aPatient = (changed: Partial<Patient> = {}): Patient => ({
  patient: "p" as PatientId,
  identity,
  doubts: [],
  documents: [aCard(), aCard({ document: "e" as DocumentRef, family: "biology", title: "Ionogramme", state: "withdrawn" })],
  parts: [],
  candidates: [],
  lookalikes: [],
  ...changed,
})

function show(patient: Patient | null, failure: string | null = null) {
  const nothing = () => undefined
  const onJoin = vi.fn(() => Promise.resolve())
  const onSeparate = vi.fn(() => Promise.resolve())
  render(
    <PatientView patient={patient} failure={failure} nowMs={NOW_MS} onBack={nothing} onDocument={nothing} onPatient={nothing} onJoin={onJoin} onSeparate={onSeparate} />,
  )
  return { onJoin, onSeparate }
}

afterEach(cleanup)

test("an identity is shown by the national rules, wherever it is", () => {
  const tied = { birthName: "Payet Fictif", firstName: "JEAN PAUL", birthDate: "", sex: "M", usedName: "", oid: "", matricule: "" } as const
  expect(patientTitle(tied)).toBe("PAYET FICTIF Jean Paul")
  expect(patientTitle({ ...tied, firstName: "McKenna" })).toBe("PAYET FICTIF McKenna")
  expect(nameOf(identity)).toBe("PAYET FICTIF Jeanne-Marie")
  expect(usedNameOf(identity)).toBe("HOARAU FICTIF Jeanne-Marie")
  expect(usedNameOf({ ...identity, usedName: null })).toBeNull()
  expect(birthLine({ ...identity, birthDate: "1951-00-00", sex: "U" })).toBe("00/00/1951 · Sexe inconnu")
  expect(dateOf({ date: "2026-11" })).toBe("11/2026")
})

test("a folder says who it is and what is doubtful, and never shows a number that is not qualified", () => {
  show(aPatient({ doubts: ["namesake"], identity: { ...identity, number: null } }))
  expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("PAYET FICTIF Jeanne-Marie")
  expect(screen.getByRole("alert").textContent).toContain("Homonyme")
  expect(document.body.textContent).not.toMatch(/Matricule/)
})

test("documents are narrowed by the shelves that are there", () => {
  show(aPatient())
  expect(shelvesIn(aPatient().documents)).toEqual(["imaging", "biology"])
  fireEvent.click(screen.getByRole("button", { name: "Biologie" }))
  expect(screen.queryByText("Radiographie du thorax")).toBeNull()
  expect(screen.getByText("Retiré")).toBeTruthy()
})

test("folders are put together only after a confirmation that names the patient, and apart again", () => {
  const other = { patient: "q" as PatientId, identity: { ...identity, birthDate: "1951-03-21" }, documents: 1 }
  const { onJoin } = show(aPatient({ doubts: ["other-traits"], candidates: [other], lookalikes: [other] }))
  fireEvent.click(screen.getByText("1 dossier à ne pas confondre"))
  fireEvent.click(screen.getByRole("button", { name: "Même patient" }))
  expect(document.body.textContent).toContain("PAYET FICTIF Jeanne-Marie (12/03/1951) et de PAYET FICTIF Jeanne-Marie (21/03/1951)")
  expect(onJoin).not.toHaveBeenCalled()
  fireEvent.click(screen.getByText("Réunir"))
  expect(onJoin).toHaveBeenCalledWith("q")
  cleanup()
  const { onSeparate } = show(aPatient({ parts: [other, { ...other, patient: "r" as PatientId }] }))
  fireEvent.click(screen.getByRole("button", { name: "Séparer" }))
  expect(onSeparate).toHaveBeenCalled()
})

test("a folder that is gone, and one that cannot be read, say so", () => {
  show(null, "not_found")
  expect(screen.getByText("Ce dossier n'est plus sur cet appareil.")).toBeTruthy()
  cleanup()
  show(null, "storage_failed")
  expect(screen.getByRole("alert")).toBeTruthy()
  cleanup()
  show(null)
  expect(screen.getByRole("status")).toBeTruthy()
})

test("a narrative is drawn with our own elements and nothing else", () => {
  const text = (words: string) => ({ kind: "text" as const, text: words })
  const nodes = [
    { kind: "element" as const, tag: "h1" as const, colSpan: 1, rowSpan: 1, children: [text("Titre")] },
    { kind: "element" as const, tag: "p" as const, colSpan: 1, rowSpan: 1, children: [text("<img src=x onerror=alert(1)>")] },
    { kind: "element" as const, tag: "td" as const, colSpan: 2, rowSpan: 1, children: [text("138")] },
    { kind: "picture" as const, name: "MM1" },
  ]
  const { container } = render(<NarrativeView nodes={nodes} picture={(name) => name} />)
  expect(container.querySelector("img")).toBeNull()
  expect(container.querySelector("p")?.textContent).toBe("<img src=x onerror=alert(1)>")
  expect(container.querySelector("td")?.colSpan).toBe(2)
  expect(container.textContent).not.toContain("Titre")
  expect(container.textContent).toContain("MM1")
})
