/** A patient in one line, as on an identity paper, and the date of birth as people write it. Pure. */
import type { Patient } from "../../bridge/models.js"
import { patientNameShown } from "../../bridge/names.js"
import { words } from "../i18n/language.js"

export const patientTitle = ({ birthName, firstName }: Patient): string => patientNameShown(birthName, firstName)

/** After the title: ", 12/03/1951, F"; what is not known is left out. */
export function patientLine({ birthDate, sex }: Patient): string {
  return [birthDate === "" ? "" : `, ${formatBirthDate(birthDate)}`, sex === "U" ? "" : `, ${words().patient.sex[sex]}`].join("")
}

/** "1951-03-12" as "12/03/1951". */
export const formatBirthDate = (date: string): string => date.split("-").toReversed().join("/")

/** "12/03/1951" and its like as "1951-03-12"; empty stays empty; null for what is no date. */
export function parseBirthDate(written: string): string | null {
  const text = written.trim()
  if (text === "") return ""
  const match = /^(\d{1,2})[/.\- ]?(\d{1,2})[/.\- ]?([12]\d{3})$/.exec(text)
  if (match === null) return null
  const [, day = "", month = "", year = ""] = match
  const [dayNumber, monthNumber] = [Number(day), Number(month)]
  if (dayNumber > 31 || monthNumber > 12) return null
  // The number of days of the month, unless the day or the month is not known.
  if (monthNumber > 0 && dayNumber > new Date(Number(year), monthNumber, 0).getDate()) return null
  return `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`
}
