/** Light, dark, or as the system says. */
import { signal } from "@preact/signals"

export type Theme = "auto" | "light" | "dark"

const storedUnder = "lien.theme"
const grounds = { light: "#FBFAF7", dark: "#0E1615" } as const
const systemIsDark = matchMedia("(prefers-color-scheme: dark)")

export const theme = signal<Theme>("auto")

const isTheme = (value: string | null): value is Theme => value === "auto" || value === "light" || value === "dark"

function show(): void {
  const isDark = theme.value === "dark" || (theme.value === "auto" && systemIsDark.matches)
  document.documentElement.dataset["theme"] = theme.value
  document.querySelector("meta[name=theme-color]")?.setAttribute("content", isDark ? grounds.dark : grounds.light)
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen
  localStorage.setItem(storedUnder, chosen)
  show()
}

export function restoreTheme(): void {
  const stored = localStorage.getItem(storedUnder)
  theme.value = isTheme(stored) ? stored : "auto"
  systemIsDark.addEventListener("change", show)
  show()
}
