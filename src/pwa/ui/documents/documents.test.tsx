// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from "@testing-library/preact"
import { afterEach, expect, test, vi } from "vitest"
import type { DocumentCard, DocumentRef, PatientId, PatientView as Patient, ShownIdentity } from "../../bridge/documents.js"
import { birthLine, dateOf, nameOf, shelvesIn, usedNameOf } from "./documentModel.js"
import { patientTitle } from "../conversations/patientModel.js"
import { createPage } from "../page.js"
import { PageEngine } from "../testing/pageEngine.js"
import { AttachmentsView } from "./AttachmentsView.js"
import { NarrativeView } from "./NarrativeView.js"
import { PatientView } from "./PatientView.js"
import { TracesPaneView } from "./TracesView.js"

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

test("an attachment is read here when it is a PDF, and only then by being opened", async () => {
  const files = [
    { name: "Ordonnance", mediaType: "application/pdf", size: 3 },
    { name: "Mesures", mediaType: "text/csv", size: 3 },
    { name: "Schéma", mediaType: "image/png", size: 3 },
  ]
  const onRead = vi.fn(() => Promise.reject(new Error("offline")))
  render(<AttachmentsView attachments={files} onRead={onRead} onSave={() => Promise.resolve()} />)
  expect(screen.getAllByRole("button").map(({ textContent }) => textContent)).toEqual(["Ordonnance", "Mesures"])
  const prescription = screen.getByRole("button", { name: "Ordonnance" })
  expect(prescription.ariaExpanded ?? prescription.getAttribute("aria-expanded")).toBe("false")
  fireEvent.click(prescription)
  expect(onRead).toHaveBeenCalledWith(0)
  expect(await screen.findByRole("alert")).toBeTruthy()
  expect(screen.getByRole("button", { name: "Enregistrer la pièce jointe" })).toBeTruthy()
  fireEvent.click(screen.getByRole("button", { name: "Mesures" }))
  expect(onRead).toHaveBeenCalledTimes(1)
  expect(screen.getByRole("dialog", { hidden: true }).textContent).toContain("sans protection")
})

test("what was done is said as the controller may read it too", async () => {
  const trace = { number: 1, atMs: NOW_MS, kind: "joined", title: "", patient: "PAYET FICTIF Jeanne 12/03/1951", detail: "PAYET FICTIF Jeanne 21/03/1951", device: "Téléphone" } as const
  const engine = new PageEngine({ listDocumentTraces: () => ({ traces: [trace], before: null, isAudited: true }) })
  render(<TracesPaneView page={createPage(engine)} />)
  expect(await screen.findByText(/l'organisme responsable de Lien, lors d'un contrôle/)).toBeTruthy()
  const said = screen.getByRole("listitem").textContent
  expect(said.match(/Dossiers réunis/g)).toHaveLength(1)
  expect(said).toContain("21/03/1951")
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
