/**
 * Patient identities, compared: pure, and never corrected.
 *
 * Two identities agree only when every strict trait that both say is the same: birth name, given names, sex, birth
 * date and birth place (French national identity rules, RNIV). What one of them leaves out contradicts nothing.
 */
import type { PatientIdentity } from "../../bridge/documents.js"

export const NIR = "1.2.250.1.213.1.4.8"
export const NIA = "1.2.250.1.213.1.4.9"
const FICTITIOUS: ReadonlySet<string> = new Set(["1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11"])

/** Upper case, no accents, hyphens and apostrophes as spaces: as INSi compares names. */
export function normalize(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toUpperCase()
    .replaceAll("Œ", "OE")
    .replaceAll("Æ", "AE")
    .replace(/[^A-Z0-9]+/g, " ")
    .trim()
}

/** An identity of nobody: refused where real people are cared for. */
export function isFictitious({ oid, status }: PatientIdentity): boolean {
  return status === "test" || status === "demo" || FICTITIOUS.has(oid)
}

/** Decree 82-103: months 20 to 42 and from 50 stand for incomplete civil records. */
const MATRICULE = /^[1-478]\d{2}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?:\d{2}|2[AB])\d{8}$/

/** Whether the last two digits are the key of the thirteen before: 97 minus their remainder by 97. */
export function isMatricule(matricule: string): boolean {
  if (!MATRICULE.test(matricule)) return false
  const digits = matricule.slice(0, 13).replace("2A", "19").replace("2B", "18")
  return Number(matricule.slice(13)) === 97 - (Number(digits) % 97)
}

/** Whether the number may identify, and be shown: qualified, of a known kind, its key right. */
export function hasNumber(identity: PatientIdentity): boolean {
  const { oid, matricule, status } = identity
  if (!isMatricule(matricule)) return false
  if (isFictitious(identity)) return status === "test" || status === "demo" || status === "qualified"
  return status === "qualified" && (oid === NIR || oid === NIA)
}

/** Two good numbers of one kind that differ are two people, whatever else is the same. */
export function areTwoPeople(one: PatientIdentity, other: PatientIdentity): boolean {
  return hasNumber(one) && hasNumber(other) && one.oid === other.oid && one.matricule !== other.matricule
}

/** The traits without which no two identities are ever the same. */
export function coreOf(identity: PatientIdentity): string {
  const { birthName, usedName, sex, birthDate } = identity
  return [normalize(birthName === "" ? usedName : birthName), firstGiven(identity), sex, birthDate].join("|")
}

export function firstGiven({ firstGivenName, birthGivenNames, usedGivenName }: PatientIdentity): string {
  if (firstGivenName !== "") return normalize(firstGivenName)
  return normalize(birthGivenNames).split(" ")[0] || normalize(usedGivenName)
}

/** Names alone, as people confuse them. */
export function namesOf(identity: PatientIdentity): string {
  const { birthName, usedName } = identity
  return `${normalize(birthName === "" ? usedName : birthName)}|${firstGiven(identity)}`
}

export function familyOf({ birthName, usedName }: PatientIdentity): string {
  return normalize(birthName === "" ? usedName : birthName)
}

/** The traits that senders often leave out, written so that equal ones are equal texts. */
export function detailOf({ birthGivenNames, birthPlace }: PatientIdentity): readonly [string, string] {
  return [normalize(birthGivenNames), birthPlace.trim().toUpperCase()]
}

/**
 * Whether some of these identities, whose core is the same, contradict each other in the rest. Given names agree when
 * one list begins with the other: some senders write the first only.
 */
export function contradict(identities: readonly PatientIdentity[]): boolean {
  const details = identities.map(detailOf)
  const places = new Set(details.map(([, place]) => place).filter((place) => place !== ""))
  const longest = details.map(([names]) => names).reduce((long, names) => (names.length > long.length ? names : long), "")
  return places.size > 1 || details.some(([names]) => names !== "" && !`${longest} `.startsWith(`${names} `))
}
