/** Which language is shown. Reading `words()` in a view makes it follow a change. */
import { signal } from "@preact/signals"
import { en } from "./en.js"
import { fr, type Words } from "./fr.js"

export type Language = "fr" | "en"

/** Each language is named in itself. */
export const languageNames: Readonly<Record<Language, string>> = { fr: "Français", en: "English" }

const storedUnder = "lien.language"
const isLanguage = (value: string | null): value is Language => value === "fr" || value === "en"

export const language = signal<Language>("fr")

export function words(): Words {
  return language.value === "fr" ? fr : en
}

/** The locale for dates: times on 24 hours in both languages. */
export function locale(): string {
  return language.value === "fr" ? "fr-FR" : "en-GB"
}

export function chooseLanguage(chosen: Language): void {
  language.value = chosen
  document.documentElement.lang = chosen
  localStorage.setItem(storedUnder, chosen)
}

/** French unless this device chose otherwise. */
export function restoreLanguage(): void {
  const stored = localStorage.getItem(storedUnder)
  language.value = isLanguage(stored) ? stored : "fr"
  document.documentElement.lang = language.value
}
