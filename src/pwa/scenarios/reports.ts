/** A hospital whose gateway runs beside the server: what is written into its folder is delivered. */
import { randomUUID } from "node:crypto"
import { renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"

/** The watched folder; given by tests/pwa. */
const FOLDER = process.env["SCENARIO_REPORTS"] ?? ""
const PDF = "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"

const PATIENT = {
  oid: "1.2.250.1.213.1.4.10", matricule: "185039741102565", birth_name: "FICTIF-HOARAU", first_given_name: "JEAN",
  birth_given_names: "JEAN", sex: "M", birth_date: "1985-03-14", birth_place: "97411",
}

export type Report = { readonly title: string; readonly id?: string; readonly replaces?: readonly string[]; readonly version?: number; readonly born?: string }

/** Answers its identifier, by which another may replace it. */
export function drop(to: readonly string[], { title, id = `1.2.3.${BigInt(`0x${randomUUID().replaceAll("-", "")}`)}`, replaces = [], version = 1, born }: Report): string {
  const patient = born === undefined ? PATIENT : { ...PATIENT, birth_date: born }
  const metadata = {
    lien_document: 1, id, version, replaces, type: "18748-4", title, date: "2026-11-02", patient,
    author: { identifier: "899000000184", family_name: "FICTIF-ABDOULA", given_name: "Ali" },
    structure: { identifier: "1970000001", name: "CHU FICTIF" },
    recipients: to.map((rpps) => ({ rpps })),
  }
  const name = join(FOLDER, randomUUID())
  writeFileSync(`${name}.json`, JSON.stringify(metadata))
  writeFileSync(`${name}.tmp`, `${PDF}${title}`)
  renameSync(`${name}.tmp`, `${name}.pdf`)
  return id
}
