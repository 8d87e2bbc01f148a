import { signal } from "@preact/signals"
import { EntryPaneView, StoppedView } from "./entry/EntryPaneView.js"
import { SplashView } from "./entry/StopView.js"
import type { Page } from "./page.js"
import type { HomeView } from "./shell/HomeView.js"
import "./tokens.css"
import "./components/components.css"

/** Boxed: a signal would not tell a view from a function to call. */
const home = signal<{ readonly View: typeof HomeView } | "waited-for" | "missing">("waited-for")

/**
 * Everything behind the lock comes after the first screen, and while that is read: a phone on a bad network shows
 * something sooner. Called again after a failure, it tries again.
 */
export async function fetchHome(): Promise<void> {
  try {
    const { HomeView: View } = await import("./shell/HomeView.js")
    home.value = { View }
  } catch {
    // No network, or a server of another version: what is kept here is whole, and loading anew brings both together.
    home.value = "missing"
  }
}

/** One family of screens per phase of the device's life. */
export function AppView({ page }: { readonly page: Page }) {
  const phase = page.phase.value
  if (phase.kind !== "open") return <EntryPaneView page={page} phase={phase} />
  const shown = home.value
  if (shown === "missing") return <StoppedView reason="upgrade" />
  return shown === "waited-for" ? <SplashView /> : <shown.View page={page} phase={phase} />
}
