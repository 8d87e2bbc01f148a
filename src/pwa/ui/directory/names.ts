/** How a professional is named and placed on screen. */
import type { Person, Professional } from "../../bridge/models.js"
import type { Gender } from "../i18n/gender.js"
import { words } from "../i18n/language.js"

export const fullName = (professional: Professional): string => `${professional.givenName} ${professional.familyName}`.trim()

/** Tells people apart: a guest has no number, and most professionals no account. */
export const keyOf = (professional: Professional): string => (professional.rpps === "" ? (professional.account ?? "") : professional.rpps)

export function initials(professional: Professional): string {
  const first = (text: string) => /^./u.exec(text.trim())?.[0] ?? ""
  return `${first(professional.givenName)}${first(professional.familyName)}`.toLocaleUpperCase("fr")
}

/** "Infirmier", or "Médecin, Cardiologie"; a student is said to be one. */
export function professionOf(professional: Professional): string {
  const speciality = professional.specialities.at(0)
  const profession = professional.profession === "" ? professionName(professional.professionCode) : professional.profession
  const name = speciality === undefined ? profession : `${profession}, ${speciality}`
  if (isGuest(professional)) return `${words().guests.mark}${words().profession.separator}${name}`
  return professional.category === "E" ? `${words().directory.student} · ${name}` : name
}

/** Somebody known by name and without a number: a colleague vouches for them. */
export const isGuest = (professional: Professional): boolean => professional.rpps === "" && professional.familyName !== ""

/** A profession or role of which only the code is known (TRE_G15 and roles 3xx of the ANS). */
export function professionName(code: string): string {
  const known = words().professions
  return Object.hasOwn(known, code) ? (known[code] ?? "") : ""
}

/** The first place of practice that has a town. */
export function townOf(professional: Professional): string {
  return professional.activities.find((activity) => activity.commune !== "")?.commune ?? ""
}

export function structureOf(professional: Professional): string {
  return professional.activities.find((activity) => activity.structure !== "")?.structure ?? ""
}

/** "Infirmier · Saint-Paul" */
export function placedProfession(professional: Professional): string {
  return [professionOf(professional), townOf(professional)].filter((part) => part !== "").join(words().profession.separator)
}

export function genderOf(professional: Professional): Gender {
  switch (professional.civility.replace(".", "").toUpperCase()) {
    case "MME":
    case "MLLE":
      return "feminine"
    case "M":
      return "masculine"
    default:
      return "unknown"
  }
}

/** The name people know a provider by; an unknown one is shown as it calls itself. */
export function providerName(provider: string): string {
  const known = words().providers
  return Object.hasOwn(known, provider) ? (known[provider] ?? provider) : provider
}

/** How someone practises at a place, from the codes of the RPPS; an unknown one says nothing. */
export function modeName(mode: string): string {
  const { modes } = words().directory
  return Object.hasOwn(modes, mode) ? (modes[mode] ?? "") : ""
}

/** "vérifiée par Pro Santé Connect", or "" when nothing was verified. */
export function verifiedBy(person: Person): string {
  if (person.verification === null) return ""
  const { sponsorship } = person.verification
  if (sponsorship !== undefined) return words().guests.by(sponsorship.sponsor)
  return words().directory.verified(genderOf(person.professional), providerName(person.verification.provider))
}

/** One of eight tints, the same for everyone of a profession (codes of the RPPS nomenclature TRE_G15). */
export function tintOf(professionCode: string): number {
  const fixed: Readonly<Record<string, number>> = { "10": 1, "60": 2, "21": 3, "50": 4, "70": 5, "40": 6 }
  const known = fixed[professionCode]
  if (known !== undefined) return known
  let sum = 0
  for (const character of professionCode) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 1_000
  return 7 + (sum % 2)
}
