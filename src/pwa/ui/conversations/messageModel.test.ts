import { expect, it } from "vitest"
import { anais, jean } from "../testing/people.js"
import { completed, mentionsIn, partsOf, suggestionsFor } from "./messageModel.js"
import { parseBirthDate } from "./patientModel.js"

it("completes a mention from a given or a family name, and finds it again", () => {
  const people = [jean, anais]
  expect(suggestionsFor("Bonjour", people)).toEqual([])
  expect(suggestionsFor("Bonjour @", people)).toEqual(people)
  expect(suggestionsFor("Bonjour @ana", people)).toEqual([anais])
  expect(suggestionsFor("Bonjour @fictif-pay", people)).toEqual([jean])
  expect(suggestionsFor("moi@exemple", people)).toEqual([])
  const text = `${completed("Bonjour @ana", anais)}peux-tu ?`
  expect(text).toBe("Bonjour @Anaïs FICTIF-GRONDIN peux-tu ?")
  expect(mentionsIn(text, people)).toEqual([anais.account])
  expect(partsOf(text, [anais]).map(({ isMention }) => isMention)).toEqual([false, true, false])
})

it("reads a date of birth as people write it, unknown days included", () => {
  expect(["12/03/1951", "12.3.1951", "12031951", "00/00/1951", ""].map(parseBirthDate)).toEqual(["1951-03-12", "1951-03-12", "1951-03-12", "1951-00-00", ""])
  expect(["31/02/1951", "12/13/1951", "12/03/51", "hier"].map(parseBirthDate)).toEqual([null, null, null, null])
})
