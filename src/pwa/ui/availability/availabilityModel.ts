/** When somebody can be counted on, in words and in time. Pure. */
import type { Availability, Person } from "../../bridge/models.js"
import { untilTime } from "../conversations/intentModel.js"
import { fullName } from "../directory/names.js"
import { words } from "../i18n/language.js"
import { daysBetween } from "../i18n/times.js"

const hourMs = 3_600_000
/** As the content of a message allows; a little less, for the time until it is said. */
const longestMs = 365 * 24 * hourMs

/** What a person says of themselves, until it ends. */
export function availabilityAt(person: Person, nowMs: number): Availability | null {
  const { availability } = person
  return availability !== undefined && availability.untilMs > nowMs ? availability : null
}

export function availabilityLine({ state, untilMs }: Availability, nowMs: number): string {
  return words().availability[state](untilTime(untilMs, nowMs), daysBetween(untilMs, nowMs) < -1)
}

/** Who to turn to meanwhile, "" for nobody in particular. */
export const coverName = ({ cover }: Availability): string => (cover === null ? "" : fullName(cover.professional))

export type Choice = { readonly label: string; readonly untilMs: number }

/** Ends that people mean: this evening, tomorrow, after the weekend. */
export function endsOf(state: Availability["state"], nowMs: number): readonly Choice[] {
  const at = (days: number, hour: number): number => {
    const day = new Date(nowMs)
    day.setDate(day.getDate() + days)
    return day.setHours(hour, 0, 0, 0)
  }
  const toMonday = (8 - new Date(nowMs).getDay()) % 7 || 7
  const ends = state === "duty" ? [at(0, 20), at(1, 8), at(1, 20)] : [at(0, 20), at(1, 8), at(toMonday, 8), at(toMonday + 7, 8)]
  const coming = [...new Set(ends)].filter((untilMs) => untilMs - nowMs > hourMs / 2)
  return coming.map((untilMs) => ({ label: untilTime(untilMs, nowMs), untilMs }))
}

/** An end that was typed; null when it cannot be one. */
export function typedEnd(typed: string, nowMs: number): number | null {
  const untilMs = new Date(typed).getTime()
  return untilMs > nowMs && untilMs - nowMs < longestMs ? untilMs : null
}
