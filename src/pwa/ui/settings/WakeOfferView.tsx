import { useEffect, useState } from "preact/hooks"
import type { Engine } from "../../bridge/channel.js"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"
import { goTo } from "../router.js"
import { canBeWoken } from "./pushing.js"
import "./settings.css"

const answeredUnder = "lien.wake-offer"

/** Asked once there is somebody to hear from, with the reason; the browser's own question comes only after a yes. */
export function WakeOfferView({ engine, hasDiscussions }: { readonly engine: Engine; readonly hasDiscussions: boolean }) {
  const text = words().notifications
  const [isShown, setShown] = useState(false)
  useEffect(() => {
    if (!hasDiscussions || localStorage.getItem(answeredUnder) !== null || !canBeWoken() || Notification.permission === "denied") return
    engine.ask("notifications", null).then(
      ({ isOn }) => setShown(!isOn),
      () => undefined,
    )
  }, [hasDiscussions])
  const answer = () => {
    localStorage.setItem(answeredUnder, "1")
    setShown(false)
  }
  if (!isShown) return null
  return (
    <section class="wake-offer" aria-label={text.title}>
      <p>{text.offer}</p>
      <div>
        <button
          type="button"
          class="button button-primary"
          onClick={() => {
            answer()
            goTo({ kind: "notifications" })
          }}
        >
          <IconView name="bell" />
          {text.turnOn}
        </button>
        <button type="button" class="button button-quiet" onClick={answer}>
          {text.offerLater}
        </button>
      </div>
    </section>
  )
}
