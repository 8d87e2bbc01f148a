import { signal } from "@preact/signals"
import { EntryPaneView, StoppedView } from "./entry/EntryPaneView.js"
import { SplashView } from "./entry/StopView.js"
import type { ReadyFileView } from "./files/ReadyFileView.js"
import type { Page } from "./page.js"
import type { HomeView } from "./shell/HomeView.js"
import "./tokens.css"
import "./components/components.css"

/** Boxed: a signal would not tell a view from a function to call. */
const home = signal<{ readonly View: typeof HomeView; readonly FileView: typeof ReadyFileView } | "waited-for" | "missing">("waited-for")

/**
 * Everything behind the lock comes after the first screen, and while that is read: a phone on a bad network shows
 * something sooner. Called again after a failure, it tries again.
 */
export async function fetchHome(): Promise<void> {
  try {
    const [{ HomeView: View }, { ReadyFileView: FileView }] = await Promise.all([import("./shell/HomeView.js"), import("./files/ReadyFileView.js")])
    home.value = { View, FileView }
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
  if (shown === "waited-for") return <SplashView />
  return (
    <>
      <shown.View page={page} phase={phase} />
      <shown.FileView />
    </>
  )
}
