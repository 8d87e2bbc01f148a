import type { RecoveryState } from "../../bridge/models.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { RecoveryCodeView } from "./RecoveryCodeView.js"
import "../entry/entry.css"
import "./me.css"

type Props = {
  /** Null while it is asked. */
  readonly state: RecoveryState | null
  readonly made: { readonly code: string; readonly sheet: string } | null
  readonly isWorking: boolean
  readonly failure: string | null
  readonly onBack: () => void
  readonly onMake: () => void
  readonly onDone: () => void
}

/** In the settings: whether there is a code, and a new one. */
export function RecoveryView({ state, made, isWorking, failure, onBack, onMake, onDone }: Props) {
  const { recovery } = words()
  return (
    <>
      <HeaderView title={recovery.title} onBack={onBack} />
      <div class="scroll card">
        <div class="express-intro">
          <span class="offer-picture">
            <IconView name="key" />
          </span>
          <p class="quiet">{recovery.explain}</p>
        </div>
        {failure !== null && <NoticeView tone="attention" text={explainCode(failure)} />}
        {made !== null ? (
          <>
            <NoticeView tone="attention" text={recovery.once} />
            <RecoveryCodeView code={made.code} sheet={made.sheet} />
            <button type="button" class="button button-primary button-wide" onClick={onDone}>
              {recovery.done}
            </button>
          </>
        ) : (
          <>
            {state === null && failure === null && <SkeletonRowsView label={recovery.title} />}
            {state !== null && <NoticeView tone={state === "current" ? "good" : "attention"} text={recovery[state]} />}
            {state !== null && (
              <button type="button" class="button button-primary button-wide" disabled={isWorking} onClick={onMake}>
                {isWorking && <span class="spinner" aria-hidden="true" />}
                {isWorking ? recovery.making : state === "none" ? recovery.make : recovery.makeAgain}
              </button>
            )}
            {state === "current" && <p class="quiet">{recovery.replaces}</p>}
          </>
        )}
      </div>
    </>
  )
}
