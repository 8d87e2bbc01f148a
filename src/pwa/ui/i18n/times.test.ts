import { afterEach, expect, test } from "vitest"
import { fetchWords, language } from "./language.js"
import { dayTitle, daysBetween, isoDate, listTime, spokenTime } from "./times.js"

const at = (day: number, hour: number, minute = 0, month = 10, year = 2026) => new Date(year, month, day, hour, minute).getTime()
const now = at(23, 9, 50)

afterEach(() => {
  language.value = "fr"
})

test("a list says the shortest true thing", () => {
  expect(listTime(now - 20_000, now)).toBe("à l'instant")
  expect(listTime(at(23, 9, 42), now)).toBe("09:42")
  expect(listTime(at(22, 18, 20), now)).toBe("hier")
  expect(listTime(at(20, 8), now)).toBe("ven.")
  expect(listTime(at(12, 8, 0, 2), now)).toBe("12 mars")
  expect(listTime(at(12, 8, 0, 2, 2025), now)).toBe("12 mars 2025")
})

test("a sentence says the hour of yesterday and the day of before", () => {
  expect(spokenTime(at(22, 18, 20), now)).toBe("hier 18:20")
  expect(spokenTime(at(12, 8, 0, 2), now)).toBe("jeu. 12 mars")
  expect(spokenTime(at(12, 8, 0, 2, 2025), now)).toBe("12 mars 2025")
})

test("days are calendar days, not spans of 24 hours", () => {
  expect(daysBetween(at(22, 23, 59), at(23, 0, 1))).toBe(1)
  expect(daysBetween(at(23, 0, 1), at(23, 23, 59))).toBe(0)
})

test("separators name the day", async () => {
  expect(dayTitle(at(23, 1), now)).toBe("Aujourd'hui")
  expect(dayTitle(at(22, 23), now)).toBe("Hier")
  expect(dayTitle(at(12, 8, 0, 2), now)).toBe("jeudi 12 mars")
  await fetchWords("en")
  language.value = "en"
  expect(dayTitle(at(22, 23), now)).toBe("Yesterday")
})

test("a clock that runs ahead is today, never tomorrow", () => {
  expect(listTime(at(23, 10, 30), now)).toBe("à l'instant")
  expect(dayTitle(at(24, 0, 5), now)).toBe("Aujourd'hui")
})

test("the date of the extract is said in words, and an unknown form as it came", () => {
  expect(isoDate("2026-11-16")).toBe("16 novembre 2026")
  expect(isoDate("semaine 46")).toBe("semaine 46")
})
