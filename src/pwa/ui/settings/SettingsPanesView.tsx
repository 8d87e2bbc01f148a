/** Screens of settings that are fetched when first opened, so that the start stays small. */
import { prove } from "../account/proving.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { useLazy } from "../photos/mediaDesk.js"
import { goBack } from "../router.js"

declare const __LIEN_VERSION__: string

type Props = {
  readonly kind: "notifications" | "know" | "help"
  readonly page: Page
}

export function SettingsPaneView({ kind, page }: Props) {
  const phase = page.phase.value
  const Notifications = useLazy(kind === "notifications", async () => (await import("./NotificationsView.js")).NotificationsView)
  const Know = useLazy(kind === "know", async () => (await import("./KnowView.js")).KnowView)
  const Help = useLazy(kind === "help", async () => (await import("./HelpView.js")).HelpView)
  const { engine } = page
  if (Notifications !== null) return <Notifications engine={engine} onBack={goBack} />
  if (Know !== null) return <Know engine={engine} onProve={() => prove(page)} onBack={goBack} />
  if (Help !== null) return <Help version={__LIEN_VERSION__} link={phase.kind === "open" ? phase.link : phase.kind} signedIn={phase.kind === "open" && phase.signedIn} onBack={goBack} />
  return <SkeletonRowsView label={words().app.loading} />
}
