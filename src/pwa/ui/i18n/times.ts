/** How moments are said: the closer, the shorter. `nowMs` is given, so that these stay pure. */
import { locale, words } from "./language.js"

const dayMs = 86_400_000

/** By language, zone and options: making one takes a thousand times as long as using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function format(atMs: number, options: Intl.DateTimeFormatOptions): string {
  // The zone of a phone changes with a flight.
  const name = `${locale()} ${new Date().getTimezoneOffset()} ${JSON.stringify(options)}`
  const known = formats.get(name) ?? new Intl.DateTimeFormat(locale(), options)
  formats.set(name, known)
  return known.format(atMs)
}

/** Whole calendar days from `atMs` to `nowMs` where this device is. */
export function daysBetween(atMs: number, nowMs: number): number {
  const midnight = (ms: number) => new Date(ms).setHours(0, 0, 0, 0)
  return Math.round((midnight(nowMs) - midnight(atMs)) / dayMs)
}

const isThisYear = (atMs: number, nowMs: number) => new Date(atMs).getFullYear() === new Date(nowMs).getFullYear()

/** "09:42" */
export const clockTime = (atMs: number): string => format(atMs, { hour: "2-digit", minute: "2-digit" })

/** For a row of a list: "à l'instant", "09:42", "hier", "mar.", "12 mars", "12 mars 2025". */
export function listTime(atMs: number, nowMs: number): string {
  const days = daysBetween(atMs, nowMs)
  if (nowMs - atMs < 60_000) return words().times.now
  if (days <= 0) return clockTime(atMs)
  if (days === 1) return words().times.yesterday
  if (days < 7) return format(atMs, { weekday: "short" })
  return format(atMs, { day: "numeric", month: "short", ...(isThisYear(atMs, nowMs) ? {} : { year: "numeric" }) })
}

/** In a sentence: "à l'instant", "09:42", "hier 18:20", "mar. 12 mars", "12 mars 2025". */
export function spokenTime(atMs: number, nowMs: number): string {
  const days = daysBetween(atMs, nowMs)
  if (nowMs - atMs < 60_000) return words().times.now
  if (days <= 0) return clockTime(atMs)
  if (days === 1) return words().times.yesterdayAt(clockTime(atMs))
  if (isThisYear(atMs, nowMs)) return format(atMs, { weekday: "short", day: "numeric", month: "short" })
  return format(atMs, { day: "numeric", month: "short", year: "numeric" })
}

/** Between two days of a discussion: "Aujourd'hui", "Hier", "mardi 12 mars". */
export function dayTitle(atMs: number, nowMs: number): string {
  const days = daysBetween(atMs, nowMs)
  if (days <= 0) return words().times.today
  if (days === 1) return words().times.yesterdayTitle
  const options: Intl.DateTimeFormatOptions = { weekday: "long", day: "numeric", month: "long" }
  return format(atMs, isThisYear(atMs, nowMs) ? options : { ...options, year: "numeric" })
}

/** A moment to come: "28 nov. à 18:20". */
export const spokenMoment = (atMs: number): string => format(atMs, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" })

/** "23 nov. 2026 à 09:42": a paper has no today. */
export const paperTime = (atMs: number): string => new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeStyle: "short" }).format(atMs)

/** "12 mars 2026" */
export const longDate = (atMs: number): string => format(atMs, { day: "numeric", month: "long", year: "numeric" })

/** The day of an ISO date ("2026-11-16") in words; anything else as it came. */
export function isoDate(date: string): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(date)
  return match === null ? date : longDate(new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3])).getTime())
}
