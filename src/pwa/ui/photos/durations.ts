/** Lengths of time and of files, as people read them. */
import { locale, words } from "../i18n/language.js"

/** 7:04, 1:02:03 */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (value: number) => String(value).padStart(2, "0")
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

const units = [1024 * 1024, 1024, 1] as const

/** 1,3 Mo */
export function sizeText(bytes: number): string {
  const index = units.findIndex((unit) => bytes >= unit)
  const unit = units[index] ?? 1
  const value = (bytes / unit).toLocaleString(locale(), { maximumFractionDigits: bytes / unit < 10 && index < 2 ? 1 : 0 })
  return `${value} ${words().media.units[Math.max(0, index)] ?? ""}`
}
