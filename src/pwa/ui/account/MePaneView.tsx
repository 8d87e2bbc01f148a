/** "Moi" and its screens, wired to the engine. */
import { useEffect, useState } from "preact/hooks"
import { EngineFailure } from "../../bridge/channel.js"
import type { Me, PasskeyInfo } from "../../bridge/models.js"
import { AvailabilityPaneView } from "../availability/AvailabilityPaneView.js"
import { useTask } from "../components/useTask.js"
import { isGuest } from "../directory/names.js"
import { chooseLanguage, language, words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { goBack, goTo } from "../router.js"
import { forgetWaking } from "../settings/unwaking.js"
import { chooseTheme, theme } from "../theme.js"
import { createPasskey } from "./ceremonies.js"
import { deviceLabel } from "./deviceLabel.js"
import { ExpressView, type ExpressOutcome } from "./ExpressView.js"
import { MeView } from "./MeView.js"
import { PinSettingsView } from "./PinSettingsView.js"
import { useAdministered } from "./AdministrationPaneView.js"
import { useVisibility } from "./visibility.js"

declare const __LIEN_VERSION__: string

export function MePaneView({ page, me }: { readonly page: Page; readonly me: Me }) {
  const { engine } = page
  const visibility = useVisibility(engine)
  const administered = useAdministered(engine)
  useEffect(() => {
    if (page.extractDate.value === "") learnExtractDate(page, me)
  }, [])
  return (
    <MeView
      me={me}
      language={language.value}
      theme={theme.value}
      version={__LIEN_VERSION__}
      extractDate={page.extractDate.value}
      visibility={visibility}
      availability={<AvailabilityPaneView page={page} me={me} />}
      onExpress={() => goTo({ kind: "express" })}
      administered={administered}
      onAdministration={() => goTo({ kind: "administration" })}
      onGuests={() => goTo({ kind: "guests" })}
      onSituation={() => goTo({ kind: "situation" })}
      onDevices={() => goTo({ kind: "devices" })}
      onRecovery={() => goTo({ kind: "recovery" })}
      onActivity={() => goTo({ kind: "activity" })}
      onScreen={(kind) => goTo({ kind })}
      onLanguage={(chosen) => void chooseLanguage(chosen)}
      onTheme={chooseTheme}
      onLock={() => void engine.ask("lock", null)}
      onClose={async () => {
        await engine.ask("closeAccount", null)
      }}
      onSignOut={async (forget) => {
        await engine.ask("signOut", { forget })
        await forgetWaking().catch(() => undefined)
      }}
    />
  )
}

/** Any answer of the directory says how old its extract is. */
function learnExtractDate(page: Page, me: Me): void {
  page.engine.ask("searchDirectory", { query: me.person.professional.familyName, after: null }).then(
    ({ extractDate }) => {
      page.extractDate.value = extractDate
    },
    () => undefined,
  )
}

type ExpressProps = { readonly page: Page; readonly me: Me; readonly nowMs: number; readonly onSignInAgain: () => void }

export function ExpressPaneView({ page, me, nowMs, onSignInAgain }: ExpressProps) {
  const task = useTask()
  const [passkeys, setPasskeys] = useState<readonly PasskeyInfo[] | null>(null)
  const [outcome, setOutcome] = useState<ExpressOutcome>("none")
  const load = async () => {
    const answer = await page.engine.ask("listPasskeys", null)
    setPasskeys(answer.passkeys)
  }
  // Unlocked a moment ago, the screen is here before the session is.
  const phase = page.phase.value
  const isSignedIn = phase.kind === "open" && phase.signedIn
  useEffect(() => task.run(load), [isSignedIn])
  const enable = async () => {
    setOutcome("none")
    try {
      const opens = await createPasskey(page.engine, deviceLabel(navigator.userAgent))
      setOutcome(opens ? "enabled" : "partial")
    } catch (error) {
      if (error instanceof EngineFailure && error.code === "fresh_sign_in_needed") setOutcome("fresh-needed")
      else throw error
    }
    await load()
  }
  return (
    <ExpressView
      isOn={me.expressLogin}
      passkeys={passkeys}
      outcome={outcome}
      freshText={isGuest(me.person.professional) ? words().guests.fresh : words().me.expressFresh}
      isWorking={task.isRunning}
      failure={task.failure}
      nowMs={nowMs}
      onBack={goBack}
      onEnable={() => task.run(enable)}
      onSignInAgain={onSignInAgain}
      onRemove={async (passkey) => {
        await page.engine.ask("removePasskey", { passkey })
        await load()
      }}
    >
      <PinSettingsView engine={page.engine} me={me} onSignInAgain={onSignInAgain} />
    </ExpressView>
  )
}
