/** What a sender expects, in words and in time. Pure. */
import type { Intent } from "../../bridge/models.js"
import { words } from "../i18n/language.js"
import { clockTime, daysBetween, spokenTime } from "../i18n/times.js"

const hourMs = 3_600_000

/** "18:00", "demain 09:00", or with its day. */
export function untilTime(byMs: number, nowMs: number): string {
  const days = daysBetween(byMs, nowMs)
  if (days === 0) return clockTime(byMs)
  if (days === -1) return words().times.tomorrowAt(clockTime(byMs))
  return `${spokenTime(byMs, Math.max(byMs, nowMs) + 2 * 24 * hourMs)} ${clockTime(byMs)}`
}

export function intentName(intent: Intent, nowMs: number): string {
  const text = words().intent
  return intent.kind === "answer" ? text.answerBy(untilTime(intent.byMs, nowMs)) : text[intent.kind]
}

export type Choice = { readonly label: string; readonly byMs: number }

/** Times that people mean: soon, this evening if it is to come, tomorrow morning. */
export function answerChoices(nowMs: number): readonly Choice[] {
  const text = words().intent
  const at = (dayOffset: number, hour: number): number => {
    const day = new Date(nowMs)
    day.setDate(day.getDate() + dayOffset)
    return day.setHours(hour, 0, 0, 0)
  }
  const choices = [
    { label: text.inOneHour, byMs: nowMs + hourMs },
    { label: text.tonight, byMs: at(0, 18) },
    { label: text.tomorrow, byMs: at(1, 9) },
  ]
  return choices.filter(({ byMs }) => byMs > nowMs)
}
