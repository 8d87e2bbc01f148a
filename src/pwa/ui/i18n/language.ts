/** Which language is shown. Reading `words()` in a view makes it follow a change. */
import { signal } from "@preact/signals"
import { fr, type Words } from "./fr.js"

export type Language = "fr" | "en"

/** Each language is named in itself. */
export const languageNames: Readonly<Record<Language, string>> = { fr: "Français", en: "English" }

const storedUnder = "lien.language"
const isLanguage = (value: string | null): value is Language => value === "fr" || value === "en"

export const language = signal<Language>("fr")

/** French is always there; another language is fetched before it is shown. */
let english: Words | null = null

export function words(): Words {
  return language.value === "en" && english !== null ? english : fr
}

export async function fetchWords(wanted: Language): Promise<void> {
  if (wanted === "en") english ??= (await import("./en.js")).en
}

/** The locale for dates: times on 24 hours in both languages. */
export function locale(): string {
  return language.value === "fr" ? "fr-FR" : "en-GB"
}

function show(chosen: Language): void {
  language.value = chosen
  document.documentElement.lang = chosen
}

/** Stays with the language shown where the other one cannot be fetched. */
export async function chooseLanguage(chosen: Language): Promise<void> {
  try {
    await fetchWords(chosen)
    show(chosen)
    localStorage.setItem(storedUnder, chosen)
  } catch {
    // Without network, before this device has kept the whole application: nothing changed, and the button is still there.
  }
}

/** French unless this device chose otherwise. */
export async function restoreLanguage(): Promise<void> {
  const stored = localStorage.getItem(storedUnder)
  if (isLanguage(stored) && stored !== "fr") await chooseLanguage(stored)
  else show("fr")
}
