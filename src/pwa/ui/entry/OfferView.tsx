import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { EntryView } from "./EntryView.js"

type Props = {
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onAccept: () => void
  readonly onPin: () => void
  readonly onLater: () => void
}

/** Express login, offered once. */
export function OfferView({ isWorking, failure, onAccept, onPin, onLater }: Props) {
  const { offer } = words()
  return (
    <EntryView
      top={
        <>
          <span class="offer-picture">
            <IconView name="express" />
          </span>
          <h1 tabIndex={-1}>{offer.title}</h1>
          <p>{offer.explain}</p>
        </>
      }
    >
      <div class="entry-actions">
        {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
        <button type="button" class="button button-primary" disabled={isWorking} onClick={onAccept}>
          {isWorking && <span class="spinner" aria-hidden="true" />}
          {isWorking ? offer.working : offer.accept}
        </button>
        <button type="button" class="button button-outline" disabled={isWorking} onClick={onPin}>
          {offer.pin}
        </button>
        <button type="button" class="button button-quiet" disabled={isWorking} onClick={onLater}>
          {offer.later}
        </button>
      </div>
    </EntryView>
  )
}
