// @vitest-environment happy-dom
import { getDocument } from "pdfjs-dist/legacy/build/pdf.mjs"
import { expect, test } from "vitest"
import { discussion, jean, marie, message } from "../testing/people.js"
import { layOut } from "./makeExport.js"
import type { Line } from "./exportPages.js"
import { widthOf, wrapped, writable } from "./pdfText.js"

const jeanne = { birthName: "Payet Fictif", firstName: "Jeanne", birthDate: "1951-03-12", sex: "F", usedName: "", oid: "", matricule: "" } as const
const line = (text: string, pictures: Line["pictures"] = []): Line => ({ author: "Jean-Luc FICTIF-PAYET", profession: "Médecin", at: "23 nov. 2026 à 09:42", notes: ["Urgent"], text, pictures })
const exported = (lines: readonly Line[]) =>
  layOut(
    { discussion: discussion({ patient: jeanne }), me: marie.account, messages: [message("Œdème 👍")], personOf: (account) => (account === marie.account ? marie : jean), nowMs: Date.UTC(2026, 10, 23) },
    lines,
    new Uint8Array([1, 2, 3]),
  )

// Node 20 has it not yet; browsers do.
if (!("withResolvers" in Promise)) {
  Object.assign(Promise, {
    withResolvers: () => {
      const made: Record<string, unknown> = {}
      made["promise"] = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }))
      return made
    },
  })
}

async function read(bytes: Uint8Array<ArrayBuffer>) {
  const pdf = await getDocument({ data: bytes.slice() }).promise
  const pages: string[] = []
  for (let number = 1; number <= pdf.numPages; number++) {
    const { items } = await (await pdf.getPage(number)).getTextContent()
    pages.push(items.map((item) => ("str" in item ? item.str : "")).join(" "))
  }
  return { pages, attachments: await pdf.getAttachments() }
}

test("a reader of PDF finds every word, who said it, about whom, and what goes with it", async () => {
  const jpeg = Uint8Array.from([0xff, 0xd8, 0xff, 0xd9])
  const file = exported([line("L’œdème de Hélène : « stable » — 38 °C 👍", [{ bytes: jpeg, width: 40, height: 30 }])])
  const { pages, attachments } = await read(file)
  expect(pages).toHaveLength(1)
  const [page = ""] = pages
  for (const part of ["Jean-Luc FICTIF-PAYET, Médecin", "Urgent", "L’œdème de Hélène : « stable » — 38 °C [U+1F44D]", "PAYET FICTIF Jeanne, 12/03/1951, F", "Enregistré par Marie FICTIF-HOARAU", "Page 1 sur 1"]) {
    expect(page).toContain(part)
  }
  expect([...(attachments?.keys() ?? [])]).toEqual(["lien-messages.json", "lien-proof.bin"])
  // As they are, not compressed: what verifies the file reads them without a reader of PDF.
  expect(Buffer.from(file).includes(JSON.stringify("Œdème 👍"))).toBe(true)
  expect(Buffer.from(file).includes("/Subtype /application#2Fvnd.lien.proof /Length 3 >>\nstream\n\x01\x02\x03")).toBe(true)
})

test("a long export goes over several pages, and says which", async () => {
  const { pages } = await read(exported(Array.from({ length: 60 }, (_, index) => line(`Message ${index}. ${"Vu. ".repeat(40)}`))))
  expect(pages.length).toBeGreaterThan(3)
  expect(pages.at(-1)).toContain(`Page ${pages.length} sur ${pages.length}`)
  for (let index = 0; index < 60; index++) expect(pages.join(" ")).toContain(`Message ${index}.`)
})

test("nothing that was written is an instruction of the file", async () => {
  const { pages } = await read(exported([line("(fin) Tj ET >> endstream endobj\n%%EOF \\ <41>")]))
  expect(pages[0]).toContain("(fin) Tj ET >> endstream endobj")
})

test("no line is wider than the page, not even a word without end", () => {
  for (const one of wrapped(`Bonjour ${"x".repeat(300)} fin`, 10, true, 200)) expect(widthOf(one, 10, true)).toBeLessThanOrEqual(200)
  expect(wrapped("a\n\nb", 10, false, 200)).toEqual(["a", "", "b"])
  expect(writable("e\u0301 \u202f!\u0007")).toBe("é \u00a0! ")
})
