import { EntryPaneView } from "./entry/EntryPaneView.js"
import type { Page } from "./page.js"
import { HomeView } from "./shell/HomeView.js"
import "./tokens.css"
import "./components/components.css"

/** One family of screens per phase of the device's life. */
export function AppView({ page }: { readonly page: Page }) {
  const phase = page.phase.value
  return phase.kind === "open" ? <HomeView page={page} phase={phase} /> : <EntryPaneView page={page} phase={phase} />
}
