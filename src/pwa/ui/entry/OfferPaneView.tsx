/** Express login, offered once right after the first sign-in, wired to the engine. */
import { useState } from "preact/hooks"
import type { Me } from "../../bridge/models.js"
import { canUsePasskeys, createPasskey } from "../account/ceremonies.js"
import { ChoosePinView } from "../account/ChoosePinView.js"
import { deviceLabel } from "../account/deviceLabel.js"
import { IconView } from "../components/IconView.js"
import { useTask } from "../components/useTask.js"
import { isGuest } from "../directory/names.js"
import { words } from "../i18n/language.js"
import type { Page } from "../page.js"
import { EntryView } from "./EntryView.js"
import { OfferView } from "./OfferView.js"

type Props = { readonly page: Page; readonly me: Me; readonly onSignInAgain: () => void }

/** A guest cannot refuse: no provider would open their account again. */
export function OfferPaneView({ page, me, onSignInAgain }: Props) {
  const task = useTask()
  const { guests, pin } = words()
  const [way, setWay] = useState<"passkey" | "pin" | "pin-instead">(canUsePasskeys() ? "passkey" : "pin")
  const isNeeded = isGuest(me.person.professional)
  const later = () =>
    task.run(async () => {
      await page.engine.ask("expressLoginLater", null)
    })
  const onLater = isNeeded ? null : later
  if (way === "passkey") {
    return (
      <OfferView
        reason={isNeeded ? guests.expressNeeded : null}
        isWorking={task.isRunning}
        failure={task.failure}
        onAccept={() =>
          task.run(async () => {
            if (!(await createPasskey(page.engine, deviceLabel(navigator.userAgent)))) setWay("pin-instead")
          })
        }
        onSignInAgain={onSignInAgain}
        onPin={() => setWay("pin")}
        onLater={onLater}
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
          {isNeeded && <p>{guests.expressNeeded}</p>}
        </>
      }
    >
      <ChoosePinView
        isWorking={task.isRunning}
        failure={task.failure}
        later={words().offer.later}
        onChoose={(digits) =>
          task.run(async () => {
            await page.engine.ask("pinSet", { digits })
          })
        }
        onLater={onLater}
      />
    </EntryView>
  )
}
