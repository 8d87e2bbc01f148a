import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView } from "./EntryView.js"

type Props = {
  /** Why this person cannot do without; null for who may. */
  readonly reason: string | null
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onAccept: () => void
  /** A device that another one let in has no fresh word of the provider: the offer comes back after it. */
  readonly onSignInAgain: () => void
  readonly onPin: () => void
  readonly onLater: (() => void) | null
}

/** Express login, offered once. */
export function OfferView({ reason, isWorking, failure, onAccept, onSignInAgain, onPin, onLater }: Props) {
  const { offer, me } = words()
  const wantsSignIn = failure === "fresh_sign_in_needed"
  return (
    <EntryView
      top={
        <>
          <span class="offer-picture">
            <IconView name="express" />
          </span>
          <h1 tabIndex={-1}>{offer.title}</h1>
          <p>{offer.explain}</p>
          {reason !== null && <p>{reason}</p>}
        </>
      }
    >
      <div class="entry-actions">
        {failure !== null && <NoticeView tone="attention" text={wantsSignIn ? me.expressFresh : explainCode(failure)} />}
        {wantsSignIn ? (
          <button type="button" class="button button-primary" onClick={onSignInAgain}>
            {me.expressFreshAction}
          </button>
        ) : (
          <button type="button" class="button button-primary" disabled={isWorking} onClick={onAccept}>
            {isWorking && <span class="spinner" aria-hidden="true" />}
            {isWorking ? offer.working : offer.accept}
          </button>
        )}
        <button type="button" class="button button-outline" disabled={isWorking} onClick={onPin}>
          {offer.pin}
        </button>
        {onLater !== null && (
          <button type="button" class="button button-quiet" disabled={isWorking} onClick={onLater}>
            {offer.later}
          </button>
        )}
      </div>
    </EntryView>
  )
}
