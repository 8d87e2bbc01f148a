import { expect, test } from "vitest"
import { jean, marie, professional } from "../testing/people.js"
import { initials, modeName, placedProfession, professionOf, providerName, tintOf, verifiedBy } from "./names.js"

test("a professional is said by profession, first speciality and first town", () => {
  expect(professionOf(jean.professional)).toBe("Médecin, Cardiologie")
  expect(placedProfession(marie.professional)).toBe("Infirmier · Saint-Paul")
  expect(placedProfession(professional({ activities: [] }))).toBe("Infirmier")
})

test("a student is shown as one", () => {
  expect(professionOf(professional({ category: "E" }))).toBe("Étudiant · Infirmier")
})

test("initials take whole letters, accents and astral ones included", () => {
  expect(initials(professional({ givenName: "Élodie", familyName: "ÎLE" }))).toBe("ÉÎ")
  expect(initials(professional({ givenName: "𝒜lix", familyName: "" }))).toBe("𝒜")
})

test("verified agrees with the person where that is known", () => {
  expect(verifiedBy(marie)).toBe("vérifiée par Pro Santé Connect")
  expect(verifiedBy({ ...jean, professional: { ...jean.professional, civility: "Dr" } })).toBe("identité vérifiée par Pro Santé Connect")
  expect(verifiedBy({ ...jean, professional: { ...jean.professional, civility: "M." } })).toBe("vérifié par Pro Santé Connect")
  expect(verifiedBy({ ...jean, verification: null })).toBe("")
})

test("codes nobody taught us are shown as they are, or not at all", () => {
  expect(providerName("constructor")).toBe("constructor")
  expect(modeName("S")).toBe("Salarié")
  expect(modeName("toString")).toBe("")
})

test("a profession always has the same tint, among the eight", () => {
  expect(tintOf("10")).not.toBe(tintOf("60"))
  for (const code of ["10", "60", "91", "", "zz"]) expect(tintOf(code)).toBeGreaterThanOrEqual(1)
  for (const code of ["10", "60", "91", "", "zz"]) expect(tintOf(code)).toBeLessThanOrEqual(8)
})
