import type { ComponentChildren } from "preact"
import { useState } from "preact/hooks"
import type { PasskeyId, PasskeyInfo } from "../../bridge/models.js"
import { ConfirmView } from "../components/ConfirmView.js"
import { HeaderView } from "../components/HeaderView.js"
import { IconView } from "../components/IconView.js"
import { NoticeView } from "../components/NoticeView.js"
import { SkeletonRowsView } from "../components/SkeletonView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import "../entry/entry.css"
import "./me.css"

/** What the last attempt to turn it on came to. */
export type ExpressOutcome = "none" | "enabled" | "partial" | "fresh-needed"

type Props = {
  readonly isOn: boolean
  readonly passkeys: readonly PasskeyInfo[] | null
  readonly outcome: ExpressOutcome
  /** What to do before another one is added, when the sign-in is too old. */
  readonly freshText: string
  readonly isWorking: boolean
  readonly failure: string | null
  readonly nowMs: number
  readonly onBack: () => void
  readonly onEnable: () => void
  readonly onSignInAgain: () => void
  readonly onRemove: (passkey: PasskeyId) => Promise<void>
  /** What else opens this device. */
  readonly children?: ComponentChildren
}

export function ExpressView(props: Props) {
  const { isOn, passkeys, isWorking, nowMs, onBack, onEnable, onRemove } = props
  const text = words().me
  const [leaving, setLeaving] = useState<PasskeyInfo | null>(null)
  return (
    <>
      <HeaderView title={text.express} onBack={onBack} />
      <div class="scroll card">
        <div class="express-intro">
          <span class="offer-picture">
            <IconView name="express" />
          </span>
          <p class="quiet">{text.expressExplain}</p>
          {isOn && (
            <p class="tag tag-good">
              <IconView name="check" small />
              {text.expressOn}
            </p>
          )}
        </div>
        <OutcomeView {...props} />
        {!isOn && props.outcome !== "fresh-needed" && (
          <button type="button" class="button button-primary button-wide" disabled={isWorking} onClick={onEnable}>
            {isWorking && <span class="spinner" aria-hidden="true" />}
            {isWorking ? words().offer.working : text.expressEnable}
          </button>
        )}
        <h2 class="list-title">{text.passkeys}</h2>
        {passkeys === null && props.failure === null && <SkeletonRowsView label={text.passkeys} />}
        {passkeys?.length === 0 && <p class="quiet">{text.passkeysNone}</p>}
        {passkeys !== null && passkeys.length > 0 && (
          <ul class="sheet">
            {passkeys.map((passkey) => (
              <li class="device" key={passkey.passkey}>
                <IconView name="express" />
                <div class="row-body">
                  <p class="row-title">{passkey.label}</p>
                  <p class="row-line">
                    {passkey.usedAtMs > 0 ? text.passkeyUsed(spokenTime(passkey.usedAtMs, nowMs)) : text.passkeyAdded(spokenTime(passkey.createdAtMs, nowMs))}
                  </p>
                </div>
                <button type="button" class="button button-quiet" aria-label={text.passkeyRemoveName(passkey.label)} onClick={() => setLeaving(passkey)}>
                  {text.passkeyRemove}
                </button>
              </li>
            ))}
          </ul>
        )}
        {isOn && props.outcome !== "fresh-needed" && (
          <button type="button" class="button button-outline button-wide" disabled={isWorking} onClick={onEnable}>
            {isWorking && <span class="spinner" aria-hidden="true" />}
            {isWorking ? words().offer.working : text.passkeyMore}
          </button>
        )}
        {props.children}
      </div>
      {leaving !== null && (
        <ConfirmView
          title={text.passkeyRemoveTitle(leaving.label)}
          text={text.passkeyRemoveExplain}
          action={text.passkeyRemove}
          onConfirm={() => onRemove(leaving.passkey)}
          onClose={() => setLeaving(null)}
        />
      )}
    </>
  )
}

function OutcomeView({ outcome, freshText, failure, onSignInAgain }: Props) {
  const text = words().me
  if (failure !== null && outcome !== "fresh-needed") return <NoticeView tone="attention" text={explainCode(failure)} />
  switch (outcome) {
    case "none":
      return null
    case "enabled":
      return <NoticeView tone="good" text={text.expressEnabled} />
    case "partial":
      return <NoticeView tone="attention" text={text.expressPartial} />
    case "fresh-needed":
      return (
        <>
          <NoticeView tone="attention" text={freshText} />
          <button type="button" class="button button-primary button-wide" onClick={onSignInAgain}>
            {text.expressFreshAction}
          </button>
        </>
      )
  }
}
