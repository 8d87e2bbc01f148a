/** Search in the patients and documents of this device: by name, birth date, type, author and period. Pure. */
import type { Family, PatientIdentity } from "../../bridge/documents.js"
import type { DocumentContent } from "../crypto/document.js"
import { normalize } from "./identity.js"

export type Asked = {
  readonly query: string
  readonly families: readonly Family[]
  /** Documents dated on or after this day (YYYY-MM-DD), or null. */
  readonly since: string | null
}

/** The words of a query, each of which must be the beginning of some word. */
export function tokensOf(query: string): readonly string[] {
  return normalize(query).split(" ").filter((token) => token !== "")
}

/** Names, and the birth date in the ways people type it. */
export function patientWords(identity: PatientIdentity): readonly string[] {
  const { birthName, birthGivenNames, firstGivenName, usedName, usedGivenName, birthDate } = identity
  const [year = "", month = "", day = ""] = birthDate.split("-")
  const dates = [year, month, day, day + month + year, year + month + day, day + month + year.slice(2)]
  const names = normalize([birthName, birthGivenNames, firstGivenName, usedName, usedGivenName].join(" ")).split(" ")
  return [...names, ...dates].filter((word) => word !== "")
}

export function documentWords({ filing, authors, structure }: DocumentContent): readonly string[] {
  const said = [filing.title, filing.typeCode, structure.name, ...authors.flatMap((one) => [one.familyName, one.givenName])]
  return normalize(said.join(" ")).split(" ")
}

export const matches = (words: readonly string[], tokens: readonly string[]): boolean =>
  tokens.every((token) => words.some((word) => word.startsWith(token)))

/** The day a document is dated, as precise as it was said; otherwise the day it came. */
export function dayOf(date: string, receivedAtMs: number): string {
  return /^\d{4}/.test(date) ? date.slice(0, 10) : new Date(receivedAtMs).toISOString().slice(0, 10)
}

export function isWithin(day: string, since: string | null): boolean {
  return since === null || day >= since.slice(0, day.length)
}
