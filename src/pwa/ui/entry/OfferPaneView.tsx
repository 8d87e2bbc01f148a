/** Express login, offered once right after the first sign-in, wired to the engine. */
import { useState } from "preact/hooks"
import { canUsePasskeys, createPasskey } from "../account/ceremonies.js"
import { ChoosePinView } from "../account/ChoosePinView.js"
import { deviceLabel } from "../account/deviceLabel.js"
import { IconView } from "../components/IconView.js"
import { useTask } from "../components/useTask.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { EntryView } from "./EntryView.js"
import { OfferView } from "./OfferView.js"

export function OfferPaneView({ page }: { readonly page: Page }) {
  const task = useTask()
  const { offer, pin } = words()
  const [way, setWay] = useState<"passkey" | "pin" | "pin-instead">(canUsePasskeys() ? "passkey" : "pin")
  const later = () =>
    task.run(async () => {
      await page.engine.ask("expressLoginLater", null)
    })
  if (way === "passkey") {
    return (
      <OfferView
        isWorking={task.isRunning}
        failure={task.failure}
        onAccept={() =>
          task.run(async () => {
            if (!(await createPasskey(page.engine, deviceLabel(navigator.userAgent)))) setWay("pin-instead")
          })
        }
        onPin={() => setWay("pin")}
        onLater={later}
      />
    )
  }
  return (
    <EntryView
      top={
        <>
          <span class="offer-picture offer-picture-small">
            <IconView name="lock" />
          </span>
          <h1 tabIndex={-1}>{pin.title}</h1>
          <p>{way === "pin-instead" ? pin.instead : pin.explain}</p>
        </>
      }
    >
      <ChoosePinView
        isWorking={task.isRunning}
        failure={task.failure}
        later={offer.later}
        onChoose={(digits) =>
          task.run(async () => {
            await page.engine.ask("pinSet", { digits })
          })
        }
        onLater={later}
      />
    </EntryView>
  )
}
