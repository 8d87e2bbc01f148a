/** The PIN of this device in the settings, wired to the engine. */
import { useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import type { Me } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { NoticeView } from "../components/NoticeView.js"
import { useTask } from "../components/useTask.js"
import { words } from "../i18n/language.js"
import { spokenMoment } from "../i18n/times.js"
import { ChoosePinView } from "./ChoosePinView.js"

type Props = { readonly engine: Engine; readonly me: Me; readonly onSignInAgain: () => void }

export function PinSettingsView({ engine, me, onSignInAgain }: Props) {
  const task = useTask()
  const { pin, me: text, app } = words()
  const [step, setStep] = useState<"none" | "choose" | "kept" | "remove">("none")
  if (task.failure === "fresh_sign_in_needed") {
    return (
      <section class="pin-settings" aria-labelledby="pin-title">
        <h2 id="pin-title" class="list-title">{pin.title}</h2>
        <NoticeView tone="attention" text={pin.fresh} />
        <button type="button" class="button button-primary button-wide" onClick={onSignInAgain}>
          {text.expressFreshAction}
        </button>
      </section>
    )
  }
  return (
    <section class="pin-settings" aria-labelledby="pin-title">
      <h2 id="pin-title" class="list-title">{pin.title}</h2>
      <p class="quiet">{me.pin === null ? pin.off : `${pin.on} ${offlineLine(me.pin.offlineUntilMs)}`}</p>
      {step === "kept" && <NoticeView tone="good" text={pin.kept} />}
      {step === "choose" ? (
        <ChoosePinView
          isWorking={task.isRunning}
          failure={task.failure}
          later={app.cancel}
          onChoose={(digits) =>
            task.run(async () => {
              await engine.ask("pinSet", { digits })
              setStep("kept")
            })
          }
          onLater={() => setStep("none")}
        />
      ) : (
        <>
          <button type="button" class="button button-outline button-wide" onClick={() => setStep("choose")}>
            {me.pin === null ? pin.set : pin.change}
          </button>
          {me.pin !== null && (
            <button type="button" class="button button-quiet button-wide" onClick={() => setStep("remove")}>
              {pin.remove}
            </button>
          )}
        </>
      )}
      {step === "remove" && (
        <ConfirmView
          title={pin.removeTitle}
          text={pin.removeExplain}
          action={pin.remove}
          onConfirm={async () => {
            await engine.ask("pinRemove", null)
          }}
          onClose={() => setStep("none")}
        />
      )}
    </section>
  )
}

function offlineLine(untilMs: number | null): string {
  const { pin } = words()
  return untilMs === null ? pin.online : pin.offlineUntil(spokenMoment(untilMs))
}
