/** How patients and documents are named and shelved. Pure. */
import type { DocumentCard, Doubt, Family, ShownIdentity } from "../../bridge/documents.js"
import { patientNameShown } from "../../bridge/names.js"
import { words } from "../i18n/language.js"
import { isoDate } from "../i18n/times.js"

/** The filter chips of a timeline, each of one or several families. */
export const shelves = {
  hospital: ["hospital", "operation"],
  imaging: ["imaging"],
  rcp: ["rcp"],
  pta: ["pta", "care_plan"],
  biology: ["biology"],
  letters: ["letter", "consultation", "synthesis"],
  others: ["prescription", "certificate", "administrative", "other"],
} as const satisfies Record<string, readonly Family[]>

export type Shelf = keyof typeof shelves
export const allShelves = Object.keys(shelves) as readonly Shelf[]

export const shelfOf = (family: Family): Shelf => allShelves.find((shelf) => (shelves[shelf] as readonly Family[]).includes(family)) ?? "others"

/** The shelves that have something on them, in their order. */
export const shelvesIn = (cards: readonly DocumentCard[]): readonly Shelf[] =>
  allShelves.filter((shelf) => cards.some(({ family }) => shelfOf(family) === shelf))

/** "PAYET FICTIF Jeanne": birth name in capitals, then the first given name. */
export const nameOf = ({ birthName, firstGivenName }: ShownIdentity): string => patientNameShown(birthName, firstGivenName)

/** "HOARAU FICTIF Jeanne" when they go by another name than the one they were born with; otherwise null. */
export function usedNameOf({ birthName, firstGivenName, usedName, usedGivenName }: ShownIdentity): string | null {
  if (usedName === null && usedGivenName === null) return null
  return patientNameShown(usedName ?? birthName, usedGivenName ?? firstGivenName)
}

/** "12/03/1951"; what is unknown stays 00, as identity papers write it. */
export function birthDateOf({ birthDate }: ShownIdentity): string {
  return birthDate.split("-").reverse().join("/")
}

/** "12/03/1951 · Femme" */
export function birthLine(identity: ShownIdentity): string {
  const sex = words().folder.sexes[identity.sex] ?? words().folder.sexes["U"] ?? ""
  return [birthDateOf(identity), sex].filter((part) => part !== "").join(words().profession.separator)
}

export function familyName(family: Family): string {
  return words().families[family]
}

/** What a document is called; by its family when its source gave no title. */
export const titleOf = ({ title, family }: Pick<DocumentCard, "title" | "family">): string => (title === "" ? familyName(family) : title)

/** The day a document is of, in words; "" when its source did not say. */
export function dateOf({ date }: Pick<DocumentCard, "date">): string {
  const [year = "", month = ""] = date.split("-")
  if (/^\d{4}-\d{2}-\d{2}/.test(date)) return isoDate(date)
  return month === "" ? year : `${month}/${year}`
}

export const sourceOf = ({ author, structure }: DocumentCard): string => [author, structure].filter((part) => part !== "").join(words().profession.separator)

/** The first day of a period that ends today, as documents are dated. */
export function sinceOf(days: number | null, nowMs: number): string | null {
  return days === null ? null : new Date(nowMs - days * 86_400_000).toISOString().slice(0, 10)
}

/** Doubts that a list says too, before the folder is opened: about who it is, and about whom it may be taken for. */
export const IDENTITY_DOUBTS: ReadonlySet<Doubt> = new Set<Doubt>(["other-traits", "bad-number", "several-numbers", "unqualified", "perhaps-same"])
export const NAMESAKE_DOUBTS: ReadonlySet<Doubt> = new Set<Doubt>(["twin", "namesake"])
