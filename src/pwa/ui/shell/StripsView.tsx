import type { AccountEvent, LinkState } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"

type Props = {
  readonly link: LinkState
  readonly signedIn: boolean
  readonly withPasskey: boolean
  readonly isWorking: boolean
  readonly failure: string | null
  readonly update: "none" | "ready" | "asked"
  readonly onUnlock: () => void
  readonly onUpdate: () => void
  readonly alert: AccountEvent | null
  readonly onAlert: () => void
}

/** What keeps messages from moving, or a version that waits: thin, one at a time, with one gesture. */
export function StripsView({ link, signedIn, withPasskey, isWorking, failure, update, onUnlock, onUpdate, alert, onAlert }: Props) {
  const { strips, alerts } = words()
  return (
    <div class="strips" role="status">
      {/* Without a session the link is down by itself: then a gesture is missing, not the network. */}
      {link === "offline" && (signedIn || !navigator.onLine) ? (
        <div class="strip">
          <p class="strip-text">
            <IconView name="offline" />
            {strips.offline}
          </p>
        </div>
      ) : !signedIn ? (
        <div class="strip strip-attention">
          <p class="strip-text">
            <IconView name="lock" />
            {failure === null ? (withPasskey ? strips.sessionOver : strips.sessionOverProvider) : explainCode(failure)}
          </p>
          <button type="button" class="button button-primary" disabled={isWorking} onClick={onUnlock}>
            {withPasskey ? strips.unlock : strips.signIn}
          </button>
        </div>
      ) : alert !== null ? (
        <div class="strip strip-attention">
          <p class="strip-text">
            <IconView name="warning" />
            {alerts.text(alert.kind, alert.device ?? alerts.elsewhere)}
          </p>
          <button type="button" class="button button-primary" onClick={onAlert}>
            {alerts.see}
          </button>
        </div>
      ) : update !== "none" ? (
        <div class="strip">
          <p class="strip-text">
            <IconView name="refresh" />
            {update === "asked" ? strips.updateWaits : strips.update}
          </p>
          {update === "ready" && (
            <button type="button" class="button button-quiet" onClick={onUpdate}>
              {strips.updateNow}
            </button>
          )}
        </div>
      ) : null}
    </div>
  )
}
